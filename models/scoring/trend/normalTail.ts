/**
 * P(N > x) of a standard normal N, within 7.5e-8 (Abramowitz & Stegun 1964, formula 26.2.17, after Hastings).
 */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x)
  const t = 1 / (1 + 0.2316419 * x)
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (series * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
