import type { AssetType } from '../../../core/catalogue.ts'
import { slotsOf, type TrainingLife } from '../../../models/training/dataset.ts'
import type { DataSummary } from '../../../models/training/prepare.ts'
import type { Recipe } from '../../../models/training/recipes.ts'
import type { TrainedAsset } from '../../../models/training/trainAsset.ts'
import { barChart } from '../../report/charts/barChart.ts'
import { type Fact, type Report, renderReport, type Section } from '../../report/renderReport.ts'
import { inCount, inFigures, inPercent, spaced } from '../../report/words.ts'
import { version } from '../../version.ts'
import { contributionsNearFailure } from './contributions.ts'
import type { Curve } from './curves.ts'
import { curvesSection } from './curvesSection.ts'
import { dataSection } from './dataSection.ts'
import { forecastSections } from './forecastSections.ts'
import { outcomesOf } from './outcomes.ts'

/** What a training run leaves behind for its report. */
export interface TrainingRecord {
  readonly type: AssetType
  readonly trained: TrainedAsset
  readonly recipe: Recipe
  readonly lives: readonly TrainingLife[]
  readonly data: DataSummary
  readonly curves: readonly Curve[]
  readonly seed: number
  readonly trainedAt: string
  readonly seconds: number
}

/** The report of a training run as HTML: what trained, how well it does on devices that it never saw, and where not. */
export const trainingReport = (record: TrainingRecord): string => renderReport(reportOf(record))

function reportOf(record: TrainingRecord): Report {
  const { type, trained, data, curves, trainedAt } = record
  const { forecaster } = trained
  return {
    title: `${type.label}: training report`,
    subtitle: `Trained ${trainedAt.slice(0, 16).replace('T', ' ')} UTC on ${data.name}`,
    facts: factsOf(record),
    sections: [
      dataSection(data),
      ...(forecaster ? forecastSections(outcomesOf(forecaster, type), type) : [notLearned]),
      ...contributionsSections(record),
      curvesSection(curves),
      metricsSection(record),
    ],
    footer: `Forewarn ${version}. All figures are of devices that the judged network never saw, unless said otherwise.`,
  }
}

/** Without a failure there is nothing to learn a remaining life from. */
const notLearned: Section = {
  heading: 'No forecast yet',
  text: [
    'No life in these data ended in a failure: machines are watched for anomalies, and their remaining life is the trend of their health, with a wide interval. Train again when failures or confirmed repairs are known.',
  ],
}

function factsOf({ type, trained, data, lives, seconds, seed }: TrainingRecord): Fact[] {
  return [
    { name: 'Devices', value: inCount(data.devices), note: `${inCount(lives.length)} lives` },
    { name: 'Rows', value: inCount(lives.reduce((sum, life) => sum + slotsOf(life), 0)) },
    { name: 'Failures', value: inCount(data.ends.failed) },
    ...forecastFacts(type, trained),
    { name: 'Training took', value: `${inFigures(seconds)} s`, note: `seed ${seed}` },
  ]
}

function forecastFacts({ usage: { unit }, rulCap }: AssetType, { drafts }: TrainedAsset): Fact[] {
  if (!drafts.forecaster) return []
  const { outOfFoldRmseCapped, outOfFoldCoverage90, firstAlarmLeadMedian } = drafts.forecaster.metrics
  return [
    {
      name: 'RMSE',
      value: `${inFigures(outOfFoldRmseCapped ?? Number.NaN)} ${unit}`,
      note: `truth held at ${inFigures(rulCap)} ${unit}`,
    },
    { name: '90 % interval holds', value: inPercent(outOfFoldCoverage90 ?? Number.NaN) },
    ...(firstAlarmLeadMedian === undefined
      ? []
      : [
          {
            name: 'Median lead',
            value: `${inFigures(firstAlarmLeadMedian)} ${unit}`,
            note: 'first alarm to failure',
          },
        ]),
  ]
}

function contributionsSections({ type, trained, lives, recipe }: TrainingRecord): Section[] {
  const shares = contributionsNearFailure(type, trained.autoencoder, lives, recipe.autoencoder.every)
  if (shares.length === 0) return []
  const labels = new Map(type.channels.map(({ name, label }) => [name, label]))
  return [
    {
      heading: 'What gives a failure away',
      text: [
        `Mean share of each channel in the deviation from healthy, windows within ${inFigures(type.horizon)} ${type.usage.unit} of a failure. These lives trained the forecaster; the autoencoder saw only their healthy part.`,
      ],
      charts: [
        barChart({
          caption: 'Contributions',
          description: 'Mean share of each channel in the deviation near failures',
          categories: shares.map(({ channel }) => labels.get(channel) ?? channel),
          category: { name: '' },
          value: { name: 'share', percent: true },
          bars: [{ name: 'share', values: shares.map(({ share }) => share) }],
          lying: true,
        }),
      ],
    },
  ]
}

function metricsSection({ trained }: TrainingRecord): Section {
  const { forecaster, autoencoder } = trained.drafts
  const drafts = forecaster ? [forecaster, autoencoder] : [autoencoder]
  const rows = drafts.flatMap(({ kind, metrics }) =>
    Object.entries(metrics).map(([name, value]) => [kind, spaced(name), inFigures(value, 4)]),
  )
  return {
    heading: 'Figures in the manifest',
    table: { columns: [{ name: 'Model' }, { name: 'Figure' }, { name: 'Value', number: true }], rows },
  }
}
