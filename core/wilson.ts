/**
 * Lower end of a share's confidence interval after Wilson (1927), one-sided at 95 % unless said otherwise: so bad it may
 * be at worst, given that `of` were looked at. 0 where nothing was.
 */
export function wilsonLower(right: number, of: number, z = 1.6449): number {
  if (of === 0) return 0
  const share = right / of
  const centre = share + z ** 2 / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return Math.max(0, (centre - spread) / (1 + z ** 2 / of))
}
