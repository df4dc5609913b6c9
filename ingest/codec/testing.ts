import { parseAssetType } from '../../core/catalogue.ts'

/* An asset type with a usage channel, and the moment at which the tests of this folder take place. */

const channel = (name: string, plausible: [number, number], role = 'sensor') => ({
  name,
  label: name,
  unit: '1',
  plausible,
  role,
})

export const press = parseAssetType(
  {
    name: 'press',
    label: 'Press',
    window: { by: 'steps', length: 4, minimum: 2 },
    cadenceMs: 1000,
    usage: { unit: 'stroke', perSlot: 1, perDay: 24 },
    rulCap: 10,
    horizon: 5,
    channels: [
      channel('strokes', [0, 1e6], 'usage'),
      channel('force', [-100, 100]),
      channel('temperature', [0, 50]),
    ],
    failureModes: [],
  },
  'press.yaml',
)

const day = 86_400_000
export const now = Date.UTC(2026, 0, 15)
export const pressContext = {
  site: 's',
  device: 'd',
  receivedAt: now,
  oldest: now - 30 * day,
  newest: now + 60_000,
}
