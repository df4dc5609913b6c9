import type { Rows } from './compute.ts'
import { leastSquares } from './leastSquares.ts'
import type { Regime } from './spec.ts'

type Terms = Pick<Regime, 'centre' | 'scale'>

/** 1, then s and s^2 of every setting. */
function terms(values: ArrayLike<number>, { centre, scale }: Terms): number[] {
  const row = [1]
  for (let i = 0; i < centre.length; i++) {
    const s = (values[i]! - centre[i]!) / scale[i]!
    row.push(s, s * s)
  }
  return row
}

/** What input `input` of row `row` would read on a healthy machine at that row's settings. */
export function regimeExpectation(regime: Regime, channels: readonly string[]) {
  const columns = regime.settings.map((name) => channels.indexOf(name))
  return (window: Rows, row: number, input: number): number => {
    const settings = columns.map((column) => window.values[row * window.channels + column]!)
    const weights = regime.coefficients[input]!
    return terms(settings, regime).reduce((sum, term, i) => sum + term * weights[i]!, 0)
  }
}

/**
 * Fits the regime on healthy rows. `settings[i]` and `sensors[i]` are the values of row i. Settings that never move
 * say nothing about a regime: without one that does, there is none.
 */
export function fitRegime(
  names: readonly string[],
  settings: readonly Float64Array[],
  sensors: readonly Float64Array[],
): Regime | null {
  const moving = names
    .map((_, i) => i)
    .filter((i) => spread(settings, i) > 0.05 * Math.abs(meanOf(settings, i)))
  if (moving.length === 0) return null
  const chosen = settings.map((row) => moving.map((i) => row[i]!))
  const shape: Terms = {
    centre: moving.map((i) => meanOf(settings, i)),
    scale: moving.map((i) => spread(settings, i)),
  }
  const design = chosen.map((row) => terms(row, shape))
  const inputs = sensors[0]!.length
  const coefficients = Array.from({ length: inputs }, (_, c) =>
    leastSquares(
      design,
      sensors.map((row) => row[c]!),
      1e-6,
    ),
  )
  return { settings: moving.map((i) => names[i]!), ...shape, coefficients }
}

const meanOf = (rows: readonly Float64Array[], i: number) =>
  rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length

function spread(rows: readonly Float64Array[], i: number): number {
  const mean = meanOf(rows, i)
  return Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows.length)
}
