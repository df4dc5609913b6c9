import type { Figures } from '../../../models/evaluation/benchmark.ts'
import type { Coverage } from '../../../models/evaluation/metrics.ts'
import type { Table } from '../tables.ts'
import type { Judged, Judgement } from './judged.ts'

/** The study's tables beside its aims: all protocols side by side, intervals by band, what an unknown past costs. */
export const tablesFor = (name: string, judged: Judged): Table[] => [
  pointTable(name, judged),
  intervalTable(name, judged),
]

function pointTable(name: string, { figures, predictions }: Judged): Table {
  const { deployed, ensemble, withoutAge, withoutAgeEnsemble, strict, strictEnsemble, baselines } = figures
  const row = (label: string, each: readonly Figures[]) => [
    label,
    spread(
      each.map((f) => f.rmseCapped),
      2,
    ),
    spread(
      each.map((f) => f.rmseRaw),
      2,
    ),
    spread(
      each.map((f) => f.score),
      0,
    ),
  ]
  return {
    title: `C-MAPSS ${name}: remaining life`,
    note: `${predictions} predictions for held-out engines of the training file; no test part. Mean over seeds [lowest, highest]; RMSE with the truth held at 125 cycles, and raw; Score of 100 predictions.`,
    head: ['what is looked at', 'RMSE', 'raw', 'Score'],
    rows: [
      row('with age, history of 128 cycles', deployed.whole),
      row('the same, mean of all seeds', [ensemble.whole]),
      row('without age, history of 128 cycles', withoutAge),
      row('the same, mean of all seeds', [withoutAgeEnsemble]),
      row('strict: 14 sensors, 30 cycles, no age', strict),
      row('the same, mean of all seeds', [strictEnsemble]),
      row('with age, history from a random cycle', deployed.late),
      row('age unknown, history from a random cycle', deployed.unknown),
      ...Object.entries(baselines).map(([label, f]) => row(label, [f])),
    ],
  }
}

const bands = { below30: 'below 30 left', from30to80: '30 to 80', above80: 'above 80' } as const

function intervalTable(name: string, { figures: { deployed } }: Judged): Table {
  const cell = (of: readonly Coverage[]) =>
    `${spread(
      of.map((c) => c.coverage),
      3,
    )}, ${spread(
      of.map((c) => c.meanWidth),
      1,
    )}`
  const row = (label: string, judged: readonly Judgement[]) => [
    label,
    `${spread(
      judged.map((j) => j.coverage90),
      3,
    )}, ${spread(
      judged.map((j) => j.width90),
      1,
    )}`,
    ...(['below30', 'from30to80', 'above80'] as const).map((band) => cell(judged.map((j) => j.bands[band]))),
  ]
  return {
    title: `C-MAPSS ${name}: 90 % intervals`,
    note: 'Coverage, then mean width in cycles; by true remaining life.',
    head: ['what is looked at', 'all', ...Object.values(bands)],
    rows: [
      row('with age, history of 128 cycles', deployed.whole),
      row('with age, history from a random cycle', deployed.late),
      row('age unknown, history from a random cycle', deployed.unknown),
    ],
  }
}

/** `9.02 [8.90, 9.15]`, or the one value. */
export function spread(values: readonly number[], digits: number): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(digits)
  return `${mean.toFixed(digits)} [${Math.min(...values).toFixed(digits)}, ${Math.max(...values).toFixed(digits)}]`
}
