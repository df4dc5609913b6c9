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

/** Settings that explain less of every sensor's variance than this are noise around one regime. */
const leastExplained = 0.1

/**
 * Fits the regime on healthy rows. `settings[i]` and `sensors[i]` are the values of row i. Null where the settings do
 * not move, or explain nothing.
 */
export function fitRegime(
  names: readonly string[],
  settings: readonly Float64Array[],
  sensors: readonly Float64Array[],
): Regime | null {
  const moving = names.map((_, i) => i).filter((i) => spread(settings, i) > 0)
  if (moving.length === 0) return null
  const shape: Terms = {
    centre: moving.map((i) => meanOf(settings, i)),
    scale: moving.map((i) => spread(settings, i)),
  }
  const design = settings.map((row) =>
    terms(
      moving.map((i) => row[i]!),
      shape,
    ),
  )
  const series = Array.from(sensors[0]!, (_, c) => sensors.map((row) => row[c]!))
  const coefficients = series.map((values) => leastSquares(design, values, 1e-6))
  const explained = series.map((values, c) => explainedShare(design, values, coefficients[c]!))
  if (Math.max(...explained) < leastExplained) return null
  return { settings: moving.map((i) => names[i]!), ...shape, coefficients }
}

/** Coefficient of determination. */
function explainedShare(design: readonly number[][], values: readonly number[], weights: readonly number[]) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const total = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  const left = values.reduce(
    (sum, v, i) => sum + (v - design[i]!.reduce((fit, term, t) => fit + term * weights[t]!, 0)) ** 2,
    0,
  )
  return total > 0 ? 1 - left / total : 0
}

const meanOf = (rows: readonly Float64Array[], i: number) =>
  rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length

function spread(rows: readonly Float64Array[], i: number): number {
  const mean = meanOf(rows, i)
  return Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows.length)
}
