import type { AssetType } from '../../../core/catalogue.ts'
import type { DeviceSeries } from '../series.ts'
import { invalidData } from './invalid.ts'
import { figure } from './robust.ts'

/**
 * Throws TRAINING_DATA_INVALID where an input never changes: on no device, so that there is nothing to learn from it, or
 * on one device for longer than a whole window while it does on others, which is a stuck sensor.
 */
export function assertVarying(
  source: string,
  type: AssetType,
  all: readonly DeviceSeries[],
  inputs: readonly number[],
): void {
  for (const c of inputs) {
    const ranges = all.map(({ channels }) => rangeOf(channels[c]!))
    const low = Math.min(...ranges.map((r) => r.low))
    const high = Math.max(...ranges.map((r) => r.high))
    const column = `column ${type.channels[c]!.name}`
    if (low === high)
      throw invalidData({
        source,
        column,
        problem: `it is ${figure(low)} in every reading`,
        remedy: 'Give readings in which it moves, or take the channel out of the catalogue',
      })
    const stuck = ranges.findIndex((r) => r.low === r.high && r.count >= type.window.length)
    if (stuck >= 0)
      throw invalidData({
        source,
        column,
        problem: `it is ${figure(ranges[stuck]!.low)} in all ${ranges[stuck]!.count} readings of device ${all[stuck]!.device}, and moves elsewhere: a stuck sensor`,
        remedy: 'Leave the device out, or empty the column where the sensor was stuck',
      })
  }
}

function rangeOf(values: Float64Array) {
  let [low, high, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    count += 1
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high, count }
}
