import { allowedLateness, type Catalogue } from '../../core/catalogue.ts'
import type { TelemetryStore } from '../../core/ports.ts'
import type { ReadingBatch } from '../../core/reading.ts'

/** A device that the scorer sees for the first time since the start, with the event time of that reading. */
export interface FirstSight {
  readonly device: string
  readonly assetType: string
  readonly time: number
}

/**
 * Finds the devices of a batch that were stored before this start and have not been warmed up yet. Lazily, at first
 * sight, because that reading tells where a device's history ends, and a start must not wait for a whole fleet.
 */
export function firstSights(batches: readonly ReadingBatch[], cold: Set<string>): FirstSight[] {
  if (cold.size === 0) return []
  const sights: FirstSight[] = []
  for (const { assetType, device: devices, time } of batches) {
    devices.forEach((device, i) => {
      if (cold.delete(device)) sights.push({ device, assetType, time: time[i]! })
    })
  }
  return sights
}

/** Devices whose history is asked for at once: bounds the memory that it takes, at some 10 kB a device. */
const devicesAtOnce = 4_000

export function inPortions<T>(items: readonly T[], size = devicesAtOnce): T[][] {
  const portions: T[][] = []
  for (let from = 0; from < items.length; from += size) portions.push(items.slice(from, from + size))
  return portions
}

/**
 * The stored rows that fill each device's window before its first reading from the log, and a little beyond: readings
 * that waited there for a late neighbour. What comes twice, here and in the log, is ignored by its identity.
 */
export function historyOf(
  telemetry: Pick<TelemetryStore, 'windows'>,
  catalogue: Catalogue,
  sights: readonly FirstSight[],
): Promise<ReadingBatch[]> {
  const assetTypes = [...new Set(sights.map(({ assetType }) => assetType))]
  return Promise.all(
    assetTypes.map((assetType) => {
      const type = catalogue.get(assetType)!
      const { length, maxHeld } = type.window
      const beyond = allowedLateness(type) + (maxHeld + 1) * type.cadenceMs
      const wanted = sights
        .filter((sight) => sight.assetType === assetType)
        .map(({ device, time }) => ({ device, until: time + beyond }))
      return telemetry.windows(assetType, wanted, length + maxHeld + 8)
    }),
  )
}
