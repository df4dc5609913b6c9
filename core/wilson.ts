/** Standard normal quantiles of .9 and .95. */
const z90 = 1.2815515655446004
export const z95 = 1.6449

/**
 * Lower end of the one-sided 90 % Wilson score interval of a share: with that confidence the true share lies above it.
 * Unlike the share itself it is careful with few trials: 1 of 1 gives .38. 0 without trials.
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), eq. (4).
 */
export function wilsonLower(successes: number, trials: number, z = z90): number {
  // Exactly 0 without a success, too: computed, a remainder of rounding would be left.
  if (successes === 0) return 0
  const share = successes / trials
  const centre = share + z ** 2 / (2 * trials)
  const spread = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))
  return Math.max(0, (centre - spread) / (1 + z ** 2 / trials))
}
