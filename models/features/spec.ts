import { z } from 'zod'

/**
 * How the rows of one channel become one number: `ema` an exponential moving average that starts as a running mean
 * (weight max(alpha, 1/t) for row t), `mean` over up to `over` newest rows.
 */
const smoothing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ema'), alpha: z.number().gt(0).max(1) }),
  z.strictObject({ kind: z.literal('mean'), over: z.int().min(1) }),
])

/**
 * What a healthy channel reads at the machine's settings: a quadratic in each setting, fitted on healthy rows.
 * `coefficients[input]` are for 1, then s and s^2 of every setting, where s = (setting - centre) / scale.
 */
const regime = z.strictObject({
  settings: z.array(z.string()).min(1),
  centre: z.array(z.number()),
  scale: z.array(z.number()),
  coefficients: z.array(z.array(z.number())),
})

/** How a model's input vector is made from an aligned window; stands in the artifact's manifest. */
export const featureSpecSchema = z.strictObject({
  /** Sensor channels, in the order of the input vector. */
  inputs: z.array(z.string()).min(1),
  /** Every input passes through each of these; the vector is smoothing by smoothing. */
  smoothings: z.array(smoothing).min(1),
  /** Channel whose newest value (the machine's age) is appended; null for machines of unknown age. */
  usage: z.string().nullable(),
  /** Settings whose effect is taken out of every row first; null where the machine knows one regime. */
  regime: regime.nullable(),
  /** Per feature: (x - mean) / scale. */
  normalisation: z.strictObject({ mean: z.array(z.number()), scale: z.array(z.number()) }),
})

export type FeatureSpec = z.infer<typeof featureSpecSchema>
export type Smoothing = FeatureSpec['smoothings'][number]
export type Regime = NonNullable<FeatureSpec['regime']>

/** Length of the input vector. */
export const featureCount = (spec: Pick<FeatureSpec, 'inputs' | 'smoothings' | 'usage'>): number =>
  spec.inputs.length * spec.smoothings.length + (spec.usage === null ? 0 : 1)
