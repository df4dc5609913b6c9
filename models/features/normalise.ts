import type { FeatureSpec } from './spec.ts'

export type Normalisation = FeatureSpec['normalisation']

/** Mean and standard deviation of every feature, missing ones (NaN) left out; a constant feature keeps scale 1. */
export function fitNormalisation(samples: readonly Float64Array[]): Normalisation {
  const columns = Array.from(samples[0]!, (_, f) => samples.map((s) => s[f]!).filter((x) => !Number.isNaN(x)))
  const mean = columns.map((column) => average(column, (x) => x))
  const scale = columns.map((column, f) => {
    const centre = mean[f]!
    const deviation = Math.sqrt(average(column, (x) => (x - centre) ** 2))
    return deviation > 1e-6 * Math.max(1, Math.abs(centre)) ? deviation : 1
  })
  return { mean, scale }
}

/** 0 of nothing. */
const average = (column: readonly number[], of: (x: number) => number): number =>
  column.reduce((sum, x) => sum + of(x), 0) / Math.max(1, column.length)

/**
 * Writes the normalised features into `into` at `offset`, held within 10 so that no outlier runs off. A missing one
 * stands at its mean: only the usage may be missing, fitness sees to the sensors.
 */
export function normaliseInto(
  into: Float32Array,
  offset: number,
  features: Float64Array,
  n: Normalisation,
): void {
  for (let f = 0; f < features.length; f++) {
    const z = (features[f]! - n.mean[f]!) / n.scale[f]!
    into[offset + f] = Number.isNaN(z) ? 0 : Math.max(-10, Math.min(10, z))
  }
}
