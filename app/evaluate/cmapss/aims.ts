import { type Aim, aimOf } from '../../../models/evaluation/aims.ts'
import type { Judged, Judgement } from './judged.ts'

type Bounds = Aim['aim']
const atMost = (high: number): Bounds => [null, high]
const honest: Bounds = [0.88, 0.92]

/** What was aimed at on one training file, beside what was measured. */
export function aimsOf(name: string, { figures, predictions }: Judged): Aim[] {
  const { deployed, ensemble, withoutAge, strict, baselines, costs } = figures
  const set = (part: string) => `C-MAPSS ${name}, ${part}`
  const note = `${predictions} cuts of held-out engines of the training file`
  const against = (baseline: string, figure: 'rmseCapped' | 'score') => ({
    name: baseline,
    value: baselines[baseline]![figure],
  })
  const row = (
    part: string,
    figure: string,
    aim: Bounds,
    values: readonly number[],
    rest: Partial<Aim> = {},
  ) => aimOf({ set: set(part), figure, aim, values, note, ...rest })
  const of = (judged: readonly Judgement[], pick: (j: Judgement) => number) => judged.map(pick)
  const late = 'history from a random cycle'
  return [
    row(
      'with age',
      'RMSE, cycles',
      atMost(10.2),
      of(deployed.whole, (j) => j.rmseCapped),
      {
        baseline: against('quadratic ridge', 'rmseCapped'),
      },
    ),
    row(
      'with age',
      'Score of 100 predictions',
      atMost(190),
      of(deployed.whole, (j) => j.score),
      {
        baseline: against('quadratic ridge', 'score'),
      },
    ),
    row('with age, mean of all seeds', 'RMSE, cycles', atMost(9.8), [ensemble.whole.rmseCapped]),
    row(
      'without age',
      'RMSE, cycles',
      atMost(12),
      withoutAge.map((f) => f.rmseCapped),
      {
        baseline: against('linear ridge', 'rmseCapped'),
      },
    ),
    row(
      'strict protocol',
      'RMSE, cycles',
      atMost(13),
      strict.map((f) => f.rmseCapped),
      {
        baseline: against('network on the raw window', 'rmseCapped'),
      },
    ),
    row(
      'with age',
      'coverage of 90 % intervals',
      honest,
      of(deployed.whole, (j) => j.coverage90),
    ),
    row(
      'with age',
      'coverage where fewer than 30 cycles are left',
      [0.87, null],
      of(deployed.whole, (j) => j.bands.below30.coverage),
    ),
    row(
      'with age',
      'mean width of 90 % intervals, cycles',
      atMost(26),
      of(deployed.whole, (j) => j.width90),
    ),
    row(
      `with age, ${late}`,
      'coverage of 90 % intervals',
      honest,
      of(deployed.late, (j) => j.coverage90),
    ),
    row(
      `age unknown, ${late}`,
      'coverage of 90 % intervals',
      honest,
      of(deployed.unknown, (j) => j.coverage90),
    ),
    row('deployed network', 'weights, bytes', atMost(20_000), [Math.max(...costs.map((c) => c.bytes))], {
      note: 'one network, Float32; largest of all',
    }),
    row(
      'deployed network',
      'ms a window, single',
      atMost(0.2),
      costs.map((c) => c.singleMs),
      {
        note: 'median of 50 calls: features, network, interval; mean over seeds and folds',
      },
    ),
    row(
      'deployed network',
      'ms a window, 256 a call',
      atMost(0.2),
      costs.map((c) => c.batchedMs),
      {
        note: 'median of 50 calls: features, network, interval; mean over seeds and folds',
      },
    ),
    row(
      'training',
      'seconds',
      atMost(60),
      costs.map((c) => c.trainSeconds),
      {
        note: 'with the networks that calibrate it, on 80 engines; mean over seeds and folds',
      },
    ),
  ]
}
