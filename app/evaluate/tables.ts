import type { Aim } from '../../models/evaluation/aims.ts'

/** A table of the model report: what is measured beside the aims. */
export interface Table {
  readonly title: string
  /** What a reader must know to read it. */
  readonly note?: string | undefined
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** What the evaluation of a data set comes to. */
export interface SetResult {
  readonly aims: readonly Aim[]
  /** `tables`, where there are such, are printed in the report; anything else stands in its JSON alone. */
  readonly details: unknown
}

/** `share` 0 to 1 of the whole set. */
export type OnStep = (step: string, share: number) => void

export interface SetOptions {
  /** How many seeds; the first is 1. */
  readonly seeds: number
  /** A quick look: fewer folds. */
  readonly quick: boolean
}

export const tablesOf = (details: unknown): readonly Table[] =>
  typeof details === 'object' && details !== null && 'tables' in details
    ? (details.tables as readonly Table[])
    : []
