import type { ReadingBatch } from '../../../core/reading.ts'
import type { Dictionary } from './dictionary.ts'

/**
 * The dictionary's numbers of devices by name alone, one map an asset type, filled as devices come: the dictionary joins
 * texts into a key each time, which for every device of every slice is a good part of storing it.
 */
export class DeviceNumbers {
  private readonly byType = new Map<string, Map<string, number>>()
  private readonly dictionary: Dictionary

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary
  }

  /** The number of each row's device; devices that are new get one. */
  ofRows({ assetType, device, site }: ReadingBatch, rows: readonly number[]): Int32Array {
    const known = this.known(assetType)
    const numbers = new Int32Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      let number = known.get(device[row]!)
      if (number === undefined) {
        number = this.dictionary.idOf([assetType, device[row]!, site[row]!])
        known.set(device[row]!, number)
      }
      numbers[i] = number
    }
    return numbers
  }

  private known(assetType: string): Map<string, number> {
    let known = this.byType.get(assetType)
    if (!known) {
      known = new Map()
      this.byType.set(assetType, known)
    }
    return known
  }
}
