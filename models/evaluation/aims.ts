/** One figure that was aimed at, beside what was measured: a row of the model report. */
export interface Aim {
  /** Data set and part, such as `C-MAPSS FD001, with age`. */
  readonly set: string
  /** What is measured, in words with its unit: `RMSE, cycles`. */
  readonly figure: string
  /** Lowest and highest value that meet the aim, bounds included; null where that side is open. */
  readonly aim: readonly [number | null, number | null]
  /** Mean over `values`. */
  readonly measured: number
  /** One value a seed; a single one where chance plays no part. */
  readonly values: readonly number[]
  /** The same figure of something simpler on the same data. */
  readonly baseline?: { readonly name: string; readonly value: number } | undefined
  /** What a reader must know to judge the figure: whose split, how many predictions. */
  readonly note?: string | undefined
}

/** An aim's row from its values, one a seed. */
export const aimOf = (aim: Omit<Aim, 'measured'>): Aim => ({
  ...aim,
  measured: aim.values.reduce((sum, value) => sum + value, 0) / aim.values.length,
})

export const isMet = ({ aim: [low, high], measured }: Pick<Aim, 'aim' | 'measured'>): boolean =>
  (low === null || measured >= low) && (high === null || measured <= high)
