import { z } from 'zod'
import type { AssetType } from '../../core/catalogue.ts'
import { isHealthy, slotsOf, type TrainingLife } from '../training/dataset.ts'

/** How one channel was spread over the healthy rows that trained: what it is held against later. */
export const channelReferenceSchema = z.strictObject({
  channel: z.string(),
  mean: z.number(),
  deviation: z.number().positive(),
  /** The nine deciles. */
  deciles: z.array(z.number()).length(9),
})

export type ChannelReference = z.infer<typeof channelReferenceSchema>

/** Rows that are enough for ten bins. */
const mostRows = 20_000

/** Of every channel but the machine's age, which only ever grows; a channel without a value is left out. */
export function referenceOf(type: AssetType, lives: readonly TrainingLife[]): ChannelReference[] {
  const total = lives.reduce((sum, life) => sum + slotsOf(life), 0)
  const every = Math.max(1, Math.floor(total / mostRows))
  return type.channels.flatMap(({ name, role }, column) => {
    if (role === 'usage') return []
    const values = healthyValues(lives, column, type.rulCap, every)
    return values.length === 0 ? [] : [channelReference(name, values)]
  })
}

function healthyValues(
  lives: readonly TrainingLife[],
  column: number,
  cap: number,
  every: number,
): Float64Array {
  const values: number[] = []
  for (const life of lives)
    for (let row = 0; row < slotsOf(life); row += every) {
      const value = life.values[column]![row]!
      if (Number.isFinite(value) && isHealthy(life, row, cap)) values.push(value)
    }
  return Float64Array.from(values).sort()
}

function channelReference(channel: string, ascending: Float64Array): ChannelReference {
  const mean = ascending.reduce((sum, v) => sum + v, 0) / ascending.length
  const variance = ascending.reduce((sum, v) => sum + (v - mean) ** 2, 0) / ascending.length
  return {
    channel,
    mean,
    deviation: Math.sqrt(variance) || Math.max(1e-9, 1e-6 * Math.abs(mean)),
    deciles: Array.from(
      { length: 9 },
      (_, i) => ascending[Math.floor(((i + 1) / 10) * (ascending.length - 1))]!,
    ),
  }
}
