/** Readings `from` to `to` of series side by side: one array a reading, in the channels' order. */
export const rowsOf = (values: readonly Float64Array[], from: number, to: number): Float64Array[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    Float64Array.from(values, (series) => series[from + i]!),
  )
