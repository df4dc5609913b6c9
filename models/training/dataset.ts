import type { AssetType } from '../../core/catalogue.ts'
import type { Rows } from '../features/compute.ts'

/** One device from some day to another: to its failure, or healthy throughout. */
export interface TrainingLife {
  /** Name in the data set: an engine's number. */
  readonly id: string
  /** The machine, where it has several lives or pieces of one here: they are never on both sides of a fold. */
  readonly device?: string | undefined
  /** Per channel in the catalogue's order, one value a slot without holes. */
  readonly values: readonly Float64Array[]
  /** Remaining useful life at each slot, usage units, not capped; null for a life without a failure in sight. */
  readonly rul: Float64Array | null
  /**
   * The machine was replaced or its record ends before it failed: `rul` is what is left of the record, which the true
   * remaining life is at least.
   */
  readonly censored?: boolean | undefined
  /** First row that is not healthy any more, where that is known (simulated lives). */
  readonly onset?: number | undefined
}

/** Without a known onset a row is healthy where no failure lies within the cap: "more than" is all one can say of it. */
export const isHealthy = (life: TrainingLife, row: number, cap: number): boolean =>
  life.onset === undefined ? life.rul === null || life.rul[row]! > cap : row < life.onset

export const slotsOf = (life: TrainingLife): number => life.values[0]!.length

/** The life as Float32 rows, the precision in which windows are scored and kept. */
export function lifeRows(life: TrainingLife): Float32Array {
  const channels = life.values.length
  const rows = new Float32Array(slotsOf(life) * channels)
  life.values.forEach((values, c) => {
    for (let r = 0; r < values.length; r++) rows[r * channels + c] = values[r]!
  })
  return rows
}

/** The window that ends at row `end`, as it would be aligned from a stream without holes that begins at row `first`. */
export function windowAt(rows: Float32Array, channels: number, end: number, length: number, first = 0): Rows {
  const from = Math.max(first, end - length + 1)
  return {
    values: rows.subarray(from * channels, (end + 1) * channels),
    rows: end - from + 1,
    channels,
  }
}

/** Every row at which a stream would be scored: the first with `minimum` rows behind it, then every `every`. */
export function scoredRows(life: TrainingLife, type: AssetType, every = 1): number[] {
  const rows: number[] = []
  for (let end = type.window.minimum - 1; end < slotsOf(life); end += every) rows.push(end)
  return rows
}

/** Truth at a row, held at the cap. */
export const cappedRul = (life: TrainingLife, row: number, cap: number): number =>
  life.rul === null ? cap : Math.min(cap, life.rul[row]!)

/** Whether the truth at a row is only known to be at least `cappedRul`. At the cap that is all one ever says. */
export const isBound = (life: TrainingLife, row: number, cap: number): boolean =>
  life.censored === true && life.rul !== null && life.rul[row]! < cap

/** The life as it would be known, had the machine been replaced after row `end`: its failure was never seen. */
export function replacedAfter(life: TrainingLife, end: number): TrainingLife {
  const values = life.values.map((series) => series.slice(0, end + 1))
  const rul = Float64Array.from({ length: end + 1 }, (_, row) => end - row)
  return { ...life, values, rul, censored: true }
}
