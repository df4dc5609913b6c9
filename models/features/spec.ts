import { z } from 'zod'

/**
 * How the rows of one channel become one number: `ema` an exponential moving average that starts as a running mean
 * (weight max(alpha, 1/t) for row t); over up to `over` newest rows the `mean`, and `slope` and `curvature`: how far the
 * straight line, and beside it the parabola, fitted to these rows stands off the mean, as a root mean square with the
 * sign of its newest end. The three are uncorrelated under white noise and equally noisy.
 */
const smoothing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ema'), alpha: z.number().gt(0).max(1) }),
  z.strictObject({ kind: z.literal('mean'), over: z.int().min(1) }),
  z.strictObject({ kind: z.literal('slope'), over: z.int().min(2) }),
  z.strictObject({ kind: z.literal('curvature'), over: z.int().min(3) }),
])

/**
 * A few discrete operating conditions: a row belongs to the nearest of `centres`, by Euclidean distance of
 * setting / scale; every input is standardised by what healthy rows of that condition read, (x - mean) / spread.
 * `centres[condition][setting]`, `mean` and `spread` `[condition][input]`.
 */
const conditions = z.strictObject({
  kind: z.literal('conditions'),
  settings: z.array(z.string()).min(1),
  scale: z.array(z.number()),
  centres: z.array(z.array(z.number())).min(2),
  mean: z.array(z.array(z.number())),
  spread: z.array(z.array(z.number())),
})

/**
 * What a healthy channel reads at the machine's settings: a quadratic in each setting, fitted on healthy rows.
 * `coefficients[input]` are for 1, then s and s^2 of every setting, where s = (setting - centre) / scale.
 */
const quadratic = z.strictObject({
  settings: z.array(z.string()).min(1),
  centre: z.array(z.number()),
  scale: z.array(z.number()),
  coefficients: z.array(z.array(z.number())),
})

/** How a model's input vector is made from an aligned window; stands in the artifact's manifest. */
export const featureSpecSchema = z.strictObject({
  /** Sensor channels, in the order of the input vector. */
  inputs: z.array(z.string()).min(1),
  /**
   * `[direction][input]`: these sums of a row's inputs, taken after the regime, stand in the place of the inputs from
   * there on. Each input goes on by itself where left out.
   */
  directions: z.array(z.array(z.number())).min(1).optional(),
  /** Every input or direction passes through each of these; the vector is smoothing by smoothing. */
  smoothings: z.array(smoothing).min(1),
  /** Channel whose newest value (the machine's age) is appended; null for machines of unknown age. */
  usage: z.string().nullable(),
  /**
   * The model also judges windows that do not tell their usage: a flag follows the usage, 1 where that is missing,
   * and the missing usage stands at its mean. Otherwise such a window is not scored.
   */
  usageMayLack: z.boolean().optional(),
  /** The number of rows that were used is appended: how far the smoothings can be trusted. */
  history: z.boolean().optional(),
  /** Settings whose effect is taken out of every row first; null where the machine knows one regime. */
  regime: z.union([quadratic, conditions]).nullable(),
  /** Per feature: (x - mean) / scale. */
  normalisation: z.strictObject({ mean: z.array(z.number()), scale: z.array(z.number()) }),
})

export type FeatureSpec = z.infer<typeof featureSpecSchema>
export type Smoothing = FeatureSpec['smoothings'][number]
export type Regime = NonNullable<FeatureSpec['regime']>
export type QuadraticRegime = z.infer<typeof quadratic>
export type Conditions = z.infer<typeof conditions>

type Shape = Pick<FeatureSpec, 'inputs' | 'directions' | 'smoothings' | 'usage' | 'usageMayLack' | 'history'>

/** How many numbers a row is smoothed as: its directions, or its inputs. */
export const smoothedWidth = ({ directions, inputs }: Pick<FeatureSpec, 'directions' | 'inputs'>): number =>
  directions ? directions.length : inputs.length

/** Where the features that are no smoothed inputs stand in the input vector; -1 where there is no such feature. */
export function tailPlaces(shape: Shape): { usage: number; lacking: number; history: number; count: number } {
  let count = smoothedWidth(shape) * shape.smoothings.length
  const usage = shape.usage === null ? -1 : count++
  const lacking = shape.usage !== null && shape.usageMayLack ? count++ : -1
  const history = shape.history ? count++ : -1
  return { usage, lacking, history, count }
}

/** Length of the input vector. */
export const featureCount = (shape: Shape): number => tailPlaces(shape).count
