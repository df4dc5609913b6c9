/**
 * The standard normal deviate with the same tail as `t` of Student's distribution with `freedom` degrees of freedom
 * (Wallace 1959, "Bounds on normal approximations to Student's and the chi-square distributions", formula 2.2; within
 * 0.02 of the exact value from three degrees on). A spread learned from few independent readings says less: the same
 * deviation scores lower.
 */
export const normalScore = (t: number, freedom: number): number =>
  Math.sign(t) * ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log1p((t * t) / freedom))

/** The `t` whose normal score is `score`: the inverse of the above. */
export const deviationAt = (score: number, freedom: number): number =>
  Math.sign(score) *
  Math.sqrt(freedom * Math.expm1(((score * (8 * freedom + 3)) / (8 * freedom + 1)) ** 2 / freedom))
