/** Parts of a stretch that are compared. */
const parts = 8

/** Medians of the parts may differ by so many median deviations within them. */
const within = 6

/**
 * First row from which `length` rows are steady: in every channel the medians of its eighths differ by no more than six
 * median deviations within them. A machine that is run in, moved or set up anew at first is learned from after that.
 * The first row where no stretch is steady.
 */
export function stableStart(values: readonly Float64Array[], length: number): number {
  const rows = values[0]!.length
  const part = Math.floor(length / parts)
  for (let from = 0; from + length <= rows; from += part)
    if (values.every((series) => isSteady(series.subarray(from, from + length), part))) return from
  return 0
}

function isSteady(series: Float64Array, part: number): boolean {
  const pieces = Array.from({ length: parts }, (_, i) => series.subarray(i * part, (i + 1) * part))
  const medians = pieces.map(medianOf)
  const deviations = pieces.map((piece, i) => medianOf(piece.map((value) => Math.abs(value - medians[i]!))))
  return Math.max(...medians) - Math.min(...medians) <= within * medianOf(Float64Array.from(deviations))
}

const medianOf = (series: Float64Array) => series.toSorted()[series.length >> 1]!
