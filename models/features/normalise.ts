import type { FeatureSpec } from './spec.ts'

export type Normalisation = FeatureSpec['normalisation']

/** Mean and standard deviation of every feature; a constant feature keeps scale 1. */
export function fitNormalisation(samples: readonly Float64Array[]): Normalisation {
  const size = samples[0]!.length
  const mean = Array.from(
    { length: size },
    (_, f) => samples.reduce((sum, s) => sum + s[f]!, 0) / samples.length,
  )
  const scale = mean.map((centre, f) => {
    const deviation = Math.sqrt(samples.reduce((sum, s) => sum + (s[f]! - centre) ** 2, 0) / samples.length)
    return deviation > 1e-6 * Math.max(1, Math.abs(centre)) ? deviation : 1
  })
  return { mean, scale }
}

/** Writes the normalised features into `into` at `offset`, held within 10 so that no outlier runs off. */
export function normaliseInto(
  into: Float32Array,
  offset: number,
  features: Float64Array,
  n: Normalisation,
): void {
  for (let f = 0; f < features.length; f++) {
    const z = (features[f]! - n.mean[f]!) / n.scale[f]!
    into[offset + f] = Math.max(-10, Math.min(10, z))
  }
}
