/** What was seen of a process at one moment, by name. */
export type Sample = Readonly<Record<SampleName, number>>

type SampleName =
  | 'rssMb'
  | 'heapMb'
  | 'externalMb'
  | 'storeHeapMb'
  | 'scorerHeapMb'
  | 'pgliteHeapMb'
  | 'tensors'
  | 'logMb'
  | 'folderMb'
  | 'stored'

/**
 * Least, most, and what a straight line through the values (least squares) gains from the first to the last, as a share
 * of their mean: a heap saws up and down, its trend tells.
 */
export function growthOf(values: readonly number[]): { least: number; most: number; growth: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const middle = (values.length - 1) / 2
  let covariance = 0
  let variance = 0
  for (const [i, value] of values.entries()) {
    covariance += (i - middle) * (value - mean)
    variance += (i - middle) ** 2
  }
  const gain = variance === 0 ? 0 : (covariance / variance) * (values.length - 1)
  return {
    least: rounded(Math.min(...values)),
    most: rounded(Math.max(...values)),
    growth: mean === 0 ? 0 : rounded(gain / mean),
  }
}

const rounded = (value: number): number => Number(value.toFixed(3))
