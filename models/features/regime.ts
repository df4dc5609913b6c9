import { compileConditions, fitConditions } from './conditions.ts'
import { leastSquares } from './leastSquares.ts'
import type { QuadraticRegime, Regime } from './spec.ts'

type Terms = Pick<QuadraticRegime, 'centre' | 'scale'>

/** 1, then s and s^2 of every setting. */
function terms(values: ArrayLike<number>, { centre, scale }: Terms): number[] {
  const row = [1]
  for (let i = 0; i < centre.length; i++) {
    const s = (values[i]! - centre[i]!) / scale[i]!
    row.push(s, s * s)
  }
  return row
}

/** Takes out of one row's inputs what its settings explain; the row's channels stand in `values` from `start` on. */
export type RegimeRemover = (values: Float32Array, start: number, inputs: Float64Array) => void

/** Takes what a healthy machine would read at a row's settings out of every input. */
export const compileRegime = (regime: Regime, channels: readonly string[]): RegimeRemover =>
  'kind' in regime ? compileConditions(regime, channels) : compileQuadratic(regime, channels)

function compileQuadratic(regime: QuadraticRegime, channels: readonly string[]): RegimeRemover {
  const { centre, scale } = regime
  const columns = Int32Array.from(regime.settings, (name) => channels.indexOf(name))
  const weights = Float64Array.from(regime.coefficients.flat())
  // s and s^2 of every setting
  const terms = new Float64Array(2 * columns.length)
  return (values, start, inputs) => {
    for (let i = 0; i < columns.length; i++) {
      const s = (values[start + columns[i]!]! - centre[i]!) / scale[i]!
      terms[2 * i] = s
      terms[2 * i + 1] = s * s
    }
    for (let input = 0, w = 0; input < inputs.length; input++) {
      let expected = weights[w++]!
      for (let t = 0; t < terms.length; t += 2) {
        expected += terms[t]! * weights[w++]!
        expected += terms[t + 1]! * weights[w++]!
      }
      inputs[input]! -= expected
    }
  }
}

/** Settings that explain less of every sensor's variance than this are noise around one regime. */
const leastExplained = 0.1

/**
 * Fits the regime on healthy rows: a few discrete conditions where the settings are such, else a quadratic in them.
 * `settings[i]` and `sensors[i]` are the values of row i. Null where the settings do not move, or explain nothing.
 */
export function fitRegime(
  names: readonly string[],
  settings: readonly Float64Array[],
  sensors: readonly Float64Array[],
): Regime | null {
  return fitConditions(names, settings, sensors) ?? fitQuadratic(names, settings, sensors)
}

function fitQuadratic(
  names: readonly string[],
  settings: readonly Float64Array[],
  sensors: readonly Float64Array[],
): QuadraticRegime | null {
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
