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

/**
 * The stored rows that fill a device's window before its first reading from the log, and a little beyond: readings that
 * waited there for a late neighbour. What comes twice, here and in the log, is ignored by its identity.
 */
export function historyOf(
  telemetry: TelemetryStore,
  catalogue: Catalogue,
  sights: readonly FirstSight[],
): Promise<ReadingBatch[]> {
  return Promise.all(
    sights.map(({ device, assetType, time }) => {
      const type = catalogue.get(assetType)!
      const beyond = allowedLateness(type) + (type.window.maxHeld + 1) * type.cadenceMs
      return telemetry.window(assetType, device, time + beyond, type.window.length + type.window.maxHeld + 8)
    }),
  )
}
