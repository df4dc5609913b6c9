import type { AssetType } from '../../core/catalogue.ts'
import type { Trial } from '../../models/evaluation/trials.ts'
import { leastSquares } from '../../models/features/leastSquares.ts'
import { cappedRul, scoredRows, type TrainingLife } from '../../models/training/dataset.ts'

/** What one forecasts without looking at a sensor: by age alone (a straight line), and always the training mean. */
export function baselineForecasts(
  type: AssetType,
  lives: readonly TrainingLife[],
  trials: readonly Trial[],
): Record<'age alone' | 'predict the mean', number[]> {
  const column = type.channels.findIndex((c) => c.role === 'usage')
  const rows = lives.flatMap((life) =>
    scoredRows(life, type).map((row) => ({
      age: life.values[column]![row]!,
      truth: cappedRul(life, row, type.rulCap),
    })),
  )
  const truth = rows.map((r) => r.truth)
  const [base, slope] = leastSquares(
    rows.map((r) => [1, r.age]),
    truth,
    0,
  ) as [number, number]
  const mean = truth.reduce((sum, t) => sum + t, 0) / truth.length
  const ageOf = ({ window }: Trial) => window.values[(window.rows - 1) * window.channels + column]!
  const within = (value: number) => Math.max(0, Math.min(type.rulCap, value))
  return {
    'age alone': trials.map((t) => within(base + slope * ageOf(t))),
    'predict the mean': trials.map(() => mean),
  }
}
