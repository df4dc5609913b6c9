import type { AssetType } from '../../../core/catalogue.ts'
import type { DeviceSeries } from '../series.ts'
import { invalidData } from './invalid.ts'

/** Above this share of a device's readings the holes of a channel are a missing sensor, not missing values. */
const mostHoles = 0.5

/** Throws TRAINING_DATA_INVALID where the recipe asks for a channel that the catalogue does not have. */
export function assertKnown(type: AssetType, inputs: readonly string[]): void {
  const stranger = inputs.find((name) => !type.channels.some((c) => c.name === name))
  if (stranger === undefined) return
  throw invalidData({
    source: `for ${type.name}`,
    column: `column ${stranger}`,
    problem: 'the catalogue has no such channel, but this asset type is trained on it',
    remedy: `Add ${stranger} to the channels of the catalogue file`,
  })
}

/** Throws TRAINING_DATA_INVALID where the times of a device do not rise from reading to reading. */
export function assertTimes(source: string, { device, times }: DeviceSeries): void {
  for (let row = 0; row < times.length; row++) {
    const rises = row === 0 ? Number.isFinite(times[row]) : times[row]! > times[row - 1]!
    if (rises) continue
    const moment = Number.isFinite(times[row]) ? new Date(times[row]!).toISOString() : 'no time'
    const twice = row > 0 && times[row] === times[row - 1]
    throw invalidData({
      source,
      column: 'column time',
      problem: twice
        ? `device ${device} has two readings at ${moment}`
        : `reading ${row + 1} of device ${device} (${moment}) is not later than the one before`,
      remedy: twice
        ? 'Leave one reading for each device and time'
        : 'Sort the readings of each device by time, or give one device the readings of one machine only',
    })
  }
}

/**
 * Throws TRAINING_DATA_INVALID where a needed channel is missing in most of a device's readings, beyond what the
 * catalogue's `maxHeld` holds.
 */
export function assertFilled(
  source: string,
  type: AssetType,
  { device, channels }: DeviceSeries,
  needed: readonly number[],
): void {
  for (const c of needed) {
    const values = channels[c]!
    const lost = beyondHeld(values, type.window.maxHeld)
    if (lost <= mostHoles * values.length) continue
    const none = values.every(Number.isNaN)
    throw invalidData({
      source,
      column: `column ${type.channels[c]!.name}`,
      problem: none
        ? `device ${device} has no value of it`
        : `device ${device} lacks it in ${lost} of ${values.length} readings, more than ${type.window.maxHeld} in a row`,
      remedy: 'Fill the column, leave the device out, or take the channel out of the catalogue',
    })
  }
}

/** Readings without a value that no value before them may stand in for. */
function beyondHeld(values: Float64Array, maxHeld: number): number {
  let lost = 0
  let run = maxHeld
  for (const value of values) {
    run = Number.isNaN(value) ? run + 1 : 0
    if (run > maxHeld) lost += 1
  }
  return lost
}
