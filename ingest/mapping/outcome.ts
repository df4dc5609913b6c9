import type { DeadLetterReason } from '../../core/reading.ts'
import { type Rejection, Rejections } from '../codec/rejections.ts'
import type { Gather, MappedGroup, MappedItem, Place } from './mapped.ts'

interface Group {
  readonly place: Place
  readonly gather: Gather | undefined
  readonly items: Map<number, Record<string, unknown>>
}

/** Collects what one message means: values of one device at one moment come together, whatever stood between them. */
export class Outcome {
  ignored = 0
  private readonly groupsByKey = new Map<string, Group>()
  private readonly refused = new Rejections()

  /** `gather` is part of the key: what stands alone does not mix with what is gathered. */
  add({ place, gather }: Pick<MappedGroup, 'place' | 'gather'>, { time, values }: MappedItem): void {
    const key = `${place.site}/${place.assetType}/${place.device}/${gather !== undefined}`
    const group = this.groupsByKey.get(key) ?? { place, gather, items: new Map() }
    this.groupsByKey.set(key, group)
    group.items.set(time, { ...group.items.get(time), ...values })
  }

  refuse(reason: DeadLetterReason, detail: string, readings: 0 | 1 = 1): void {
    this.refused.add(reason, () => detail, readings)
  }

  groups(): MappedGroup[] {
    return [...this.groupsByKey.values()].map(({ place, gather, items }) => ({
      place,
      gather,
      items: [...items].map(([time, values]) => ({ time, values })).sort((a, b) => a.time - b.time),
    }))
  }

  rejections(): readonly Rejection[] {
    return this.refused.list()
  }
}
