import type { AssetType } from '../../../core/catalogue.ts'
import type { Chart } from '../../report/chart.ts'
import { barChart } from '../../report/charts/barChart.ts'
import { calibrationChart } from '../../report/charts/calibrationChart.ts'
import { fanChart } from '../../report/charts/fanChart.ts'
import { scatterChart } from '../../report/charts/scatterChart.ts'
import type { Section } from '../../report/renderReport.ts'
import { colours } from '../../report/style.ts'
import { inCount, inFigures, inPercent } from '../../report/words.ts'
import {
  bandsOf,
  exampleLives,
  inSight,
  type LifeOutcomes,
  lifeRmse,
  quantileCoverage,
  reliabilityOf,
} from './outcomes.ts'

/** Everything that out-of-fold forecasts show. */
export function forecastSections(lives: readonly LifeOutcomes[], type: AssetType): Section[] {
  return [
    predictedSection(lives, type),
    coverageSection(lives, type),
    calibrationSection(lives, type),
    examplesSection(lives, type),
  ]
}

const all = (lives: readonly LifeOutcomes[]) => lives.flatMap(({ outcomes }) => outcomes)

function predictedSection(lives: readonly LifeOutcomes[], { rulCap, usage }: AssetType): Section {
  const failed = all(lives.filter((life) => life.failed))
  return {
    heading: 'Predicted against true',
    text: [
      `Every window of the lives that failed, forecast by a network that never saw the device. Both axes end at ${inFigures(rulCap)} ${usage.unit}: beyond that only "more than" is said.`,
    ],
    charts: [
      scatterChart({
        caption: 'Remaining life',
        description: 'Predicted against true remaining life, window by window',
        x: { name: `true, ${usage.unit}`, min: 0, max: rulCap },
        y: { name: `predicted, ${usage.unit}`, min: 0, max: rulCap },
        points: failed.map(({ truth, predicted }) => [truth, predicted]),
        ideal: [
          [0, 0],
          [rulCap, rulCap],
        ],
      }),
    ],
  }
}

function coverageSection(lives: readonly LifeOutcomes[], { rulCap, usage }: AssetType): Section {
  const bands = bandsOf(all(lives), rulCap)
  const nameOf = ({ low, high }: { low: number; high: number }) =>
    low >= rulCap ? `${inFigures(rulCap)} or more` : `${inFigures(low)} to ${inFigures(high)}`
  return {
    heading: 'Coverage of the intervals',
    text: [
      'How often the true remaining life lies inside the interval, by true remaining life. Nominal are 90 % and 80 %.',
    ],
    charts: [
      barChart({
        caption: 'Measured coverage',
        description: 'Share of windows whose true remaining life lies in the interval, by band',
        categories: bands.map(nameOf),
        category: { name: `true remaining life, ${usage.unit}` },
        value: { name: 'coverage', max: 1, percent: true },
        bars: [
          { name: 'nominal 90 %', values: bands.map((band) => band.coverage90) },
          { name: 'nominal 80 %', values: bands.map((band) => band.coverage80), color: colours.series[1] },
        ],
      }),
    ],
    table: {
      columns: [
        { name: `True remaining life, ${usage.unit}` },
        { name: 'Windows', number: true },
        { name: 'In the 90 % interval', number: true },
        { name: 'In the 80 % interval', number: true },
        { name: `Width of 90 %, ${usage.unit}`, number: true },
        { name: `RMSE, ${usage.unit}`, number: true },
      ],
      rows: bands.map((band) => [
        nameOf(band),
        inCount(band.count),
        inPercent(band.coverage90),
        inPercent(band.coverage80),
        inFigures(band.width90),
        inFigures(band.rmse),
      ]),
    },
  }
}

function calibrationSection(lives: readonly LifeOutcomes[], { rulCap, horizon, usage }: AssetType): Section {
  const reliability = reliabilityOf(all(lives), horizon)
  const quantiles = quantileCoverage(all(lives), rulCap)
  return {
    heading: 'Calibration',
    text: [
      `Left: of the windows that were given a probability of failing within ${inFigures(horizon)} ${usage.unit}, the share that did. Right: how often the true remaining life lay at or below each quantile, where the median is below ${inFigures(inSight * rulCap)} ${usage.unit}. On the diagonal what was said agrees with what came true.`,
    ],
    charts: [
      calibrationChart({
        caption: 'Probability of failure',
        description: 'Predicted probability of failure against its observed frequency',
        small: true,
        said: 'predicted',
        seen: 'observed',
        points: reliability.map(({ said, seen }) => [said, seen]),
      }),
      calibrationChart({
        caption: 'Quantiles',
        description: 'Nominal level of each quantile against the share of truths at or below it',
        small: true,
        said: 'nominal level',
        seen: 'observed',
        points: quantiles.map(({ level, seen }) => [level, seen]),
      }),
    ],
  }
}

function examplesSection(lives: readonly LifeOutcomes[], type: AssetType): Section {
  return {
    heading: 'Three lives',
    text: [
      'The failed lives that were forecast best, middling and worst, by a network that never saw them: median with the 80 % and 90 % intervals, and the true remaining life.',
    ],
    charts: exampleLives(lives).map(({ name, life }) => lifeChart(name, life, type)),
  }
}

function lifeChart(name: string, life: LifeOutcomes, { rulCap, usage }: AssetType): Chart {
  const { outcomes } = life
  const pick = (key: 'p05' | 'p10' | 'p50' | 'p90' | 'p95') => outcomes.map(({ rul }) => rul[key])
  return fanChart({
    caption: `${name[0]!.toUpperCase()}${name.slice(1)}: ${life.life.id}, RMSE ${inFigures(lifeRmse(life))} ${usage.unit}`,
    description: `Forecast of the ${name} life over its age`,
    x: { name: `since its first row, ${usage.unit}`, min: 0 },
    y: { name: `remaining life, ${usage.unit}`, min: 0, max: rulCap },
    at: outcomes.map(({ row }) => row * usage.perSlot),
    bands: [
      { name: '90 %', low: pick('p05'), high: pick('p95'), color: colours.outer },
      { name: '80 %', low: pick('p10'), high: pick('p90'), color: colours.inner },
    ],
    median: pick('p50'),
    medianName: 'median',
    truth: outcomes.map(({ truth }) => truth),
    truthName: 'true',
  })
}
