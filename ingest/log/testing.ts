import { type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import type { DeadLetter, Reading } from '../../core/reading.ts'

/* A catalogue of one asset type, readings of it and dead letters, for the tests of this folder. */

export const catalogueOf = (...channels: string[]): Catalogue =>
  new Map([
    [
      'fan',
      parseAssetType(
        {
          name: 'fan',
          label: 'Fan',
          window: { by: 'steps', length: 4, minimum: 2 },
          cadenceMs: 1000,
          usage: { unit: 'h', perSlot: 1, perDay: 24 },
          rulCap: 10,
          horizon: 5,
          channels: channels.map((name) => ({ name, label: name, unit: '1', plausible: [0, 1e9] })),
          failureModes: [],
        },
        'fan.yaml',
      ),
    ],
  ])

export const reading = (device: string, time: number, ...values: number[]): Reading => ({
  device,
  site: 's',
  assetType: 'fan',
  time,
  receivedAt: time,
  publishedAt: Number.NaN,
  seq: time,
  values: Float64Array.from(values),
})

export const letter = (id: string): DeadLetter => ({
  id,
  at: 5,
  reason: 'not_json',
  detail: 'why',
  topic: 'forewarn/s/fan/f/telemetry',
  payload: Uint8Array.of(0, 255, 128),
  readings: 1,
})
