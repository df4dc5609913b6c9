import type { AssetType } from '../../../core/catalogue.ts'
import type { Labelled } from '../labels/lives.ts'
import { invalidData } from './invalid.ts'

/** Devices that train and devices that failed among them: with fewer nothing can be held out to measure on. */
const fewestDevices = 2

/** Throws TRAINING_DATA_INVALID where nothing is left to train on, or only one device. */
export function assertLives(source: string, type: AssetType, { lives, leftOut }: Labelled): void {
  if (lives.length === 0) {
    const most = [...leftOut].sort((a, b) => b.rows - a.rows)[0]
    throw invalidData({
      source,
      column: 'lives',
      problem: most
        ? `no life is long enough to train on; most readings are left out as ${most.why} (device ${most.device}: ${most.rows})`
        : 'there is not one reading',
      remedy: `Give lives of at least ${type.window.minimum} readings, a cadence of ${type.cadenceMs / 1000} s apart`,
    })
  }
  const devices = new Set(lives.map(({ device }) => device))
  if (devices.size < fewestDevices)
    throw invalidData({
      source,
      column: 'column device',
      problem: `all readings are of one device, ${[...devices][0]}`,
      remedy:
        'Give the readings of several devices: what is learned is measured on devices that did not train',
    })
}

/**
 * Throws TRAINING_DATA_INVALID where a single device ran to a failure: a network that has not seen it knows of none. Without
 * any failure a detector trains alone, unless `required`.
 */
export function assertFailures(
  source: string,
  type: AssetType,
  { lives, leftOut }: Labelled,
  required: boolean,
): void {
  const failed = new Set(lives.filter(({ end }) => end === 'failed').map(({ device }) => device))
  if (failed.size >= fewestDevices) return
  const short = leftOut.filter(({ why }) => why.startsWith('fewer than'))
  if (failed.size === 0 && short.length === 0 && !required) return
  const hint = short.length > 0 ? `; ${short.length} lives are shorter than ${type.window.minimum} rows` : ''
  throw invalidData({
    source,
    column: 'life ends',
    problem: `${failed.size === 0 ? 'no device' : `only device ${[...failed][0]}`} runs to a failure${hint}`,
    remedy:
      'Tell the failures: life events of kind failed (--events file, or POST /api/devices/{device}/events), or a column rul',
  })
}
