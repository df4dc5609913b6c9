import { z } from 'zod'

/**
 * Calibration of the autoencoder. The anomaly statistic is the mean squared residual, each channel in units of its
 * healthy spread. `sorted` are its values on healthy devices that trained nothing (thinned), `tailFrom` the place from
 * which an exponential tail goes on: P(S > s) = tailShare exp(-(s - tailFrom) / tailScale).
 */
export const anomalyCalibrationSchema = z.strictObject({
  residualScale: z.array(z.number().positive()),
  sorted: z.array(z.number()),
  tailFrom: z.number(),
  tailShare: z.number(),
  tailScale: z.number().positive(),
})

export type AnomalyCalibration = z.infer<typeof anomalyCalibrationSchema>

const tailShare = 0.05
const kept = 201

/** Residuals of one window in units of their healthy spread, input by input. */
export function scaledResidual(
  features: ArrayLike<number>,
  reconstruction: ArrayLike<number>,
  offset: number,
  scale: readonly number[],
): number[] {
  return scale.map((s, i) => (features[offset + i]! - reconstruction[offset + i]!) / s)
}

export function anomalyStatistic(residual: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < residual.length; i++) sum += residual[i]! * residual[i]!
  return sum / residual.length
}

/** Calibrates on the healthy hold-out: `residuals[i]` the unscaled residual of window i. */
export function calibrateAnomaly(residuals: readonly (readonly number[])[]): AnomalyCalibration {
  const inputs = residuals[0]!.length
  const residualScale = Array.from({ length: inputs }, (_, c) =>
    Math.max(1e-6, Math.sqrt(residuals.reduce((sum, r) => sum + r[c]! ** 2, 0) / residuals.length)),
  )
  const statistics = residuals
    .map((r) => anomalyStatistic(r.map((value, c) => value / residualScale[c]!)))
    .sort((a, b) => a - b)
  const from = Math.floor((1 - tailShare) * (statistics.length - 1))
  const tail = statistics.slice(from)
  const tailFrom = tail[0]!
  // Maximum likelihood of an exponential beyond the threshold is its mean excess.
  const tailScale = Math.max(1e-6, tail.reduce((sum, s) => sum + s - tailFrom, 0) / tail.length)
  const thin = (i: number) => statistics[Math.round((i / (kept - 1)) * (statistics.length - 1))]!
  return {
    residualScale,
    sorted: Array.from({ length: kept }, (_, i) => thin(i)),
    tailFrom,
    tailShare,
    tailScale,
  }
}

/** How rare a healthy machine looks at least like this, 0 to 1. */
export function tailProbability(statistic: number, calibration: AnomalyCalibration): number {
  const { sorted, tailFrom, tailScale } = calibration
  if (statistic >= tailFrom) return calibration.tailShare * Math.exp(-(statistic - tailFrom) / tailScale)
  return Math.max(calibration.tailShare, 1 - placeAbove(sorted, statistic) / sorted.length)
}

/** Place of the first value above `statistic` in ascending `sorted`; 0 where there is none. */
function placeAbove(sorted: readonly number[], statistic: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! > statistic) high = middle
    else low = middle + 1
  }
  return low < sorted.length ? low : 0
}

/** Share of each input in the deviation from healthy, signed; absolute values sum to 1 (all 0 without a deviation). */
export function contributionsOf(
  inputs: readonly string[],
  residual: readonly number[],
): Record<string, number> {
  let total = 0
  for (let i = 0; i < residual.length; i++) total += Math.abs(residual[i]!)
  const shares: Record<string, number> = {}
  for (let i = 0; i < inputs.length; i++) shares[inputs[i]!] = total > 0 ? residual[i]! / total : 0
  return shares
}
