import type { AssetType } from '../../../core/catalogue.ts'
import type { Chart } from '../../report/chart.ts'
import { barChart } from '../../report/charts/barChart.ts'
import type { Section } from '../../report/renderReport.ts'
import type { BacktestResult } from '../backtest.ts'
import { leadChart, type Mark } from './leadChart.ts'
import { failureOutcomes, failureWords } from './outcomeWords.ts'
import { counted, requiredLeads, requiredLeadWords, usage } from './phrases.ts'

/** How failures were told, and how long before. */
export function failuresSection(result: BacktestResult, type: AssetType): Section {
  const { failures } = result
  const heading = 'Failures: were they told, and when'
  if (failures.length === 0)
    return { heading, text: ['No failure is known in this history: there is nothing to be told.'] }
  const leads = failures.flatMap(({ leadUsage }) => leadUsage ?? [])
  return {
    heading,
    text: [explained(result, type), ...medianText(leads, result.usageUnit)],
    charts: [outcomesChart(result), ...(leads.length > 0 ? [leadTimes(result, type)] : [])],
  }
}

function explained({ horizon, usageUnit }: BacktestResult, type: AssetType): string {
  const lead = requiredLeadWords(type)
  const notice = lead === null ? '' : `, and its repair can be planned: that needs ${lead} of notice`
  return `A failure is told in time when a ticket is opened within the horizon of ${usage(horizon, usageUnit)} before it${notice}.`
}

function medianText(leads: readonly number[], unit: string): string[] {
  if (leads.length === 0) return ['No ticket came before a failure, so there is no lead time.']
  const sorted = [...leads].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
  return [
    `Median lead time of the ${counted(leads.length, 'failure')} that a ticket came before: ${usage((low + high) / 2, unit)}.`,
  ]
}

const outcomesChart = ({ failures }: BacktestResult): Chart => {
  const counts = failureOutcomes.map((outcome) => failures.filter((f) => f.outcome === outcome).length)
  return barChart({
    caption: 'How failures were told',
    description: failureOutcomes
      .map((outcome, i) => `${failureWords[outcome].short}: ${counts[i]}`)
      .join(', '),
    categories: failureOutcomes.map((outcome, i) => `${failureWords[outcome].short}: ${counts[i]}`),
    category: { name: '' },
    value: { name: 'failures', whole: true },
    bars: [
      {
        name: 'failures',
        values: counts,
        colors: failureOutcomes.map((outcome) => failureWords[outcome].color),
      },
    ],
    lying: true,
  })
}

const leadTimes = ({ failures, usageUnit, horizon }: BacktestResult, type: AssetType): Chart =>
  leadChart({
    caption: 'Lead times',
    description: 'How many failures were told how long before',
    unit: usageUnit,
    horizon,
    leads: (['late', 'found', 'early'] as const).map((outcome) => ({
      name: failureWords[outcome].short,
      color: failureWords[outcome].color,
      values: failures.flatMap((f) => (f.outcome === outcome ? (f.leadUsage ?? []) : [])),
    })),
    required: requiredMarks(type),
  })

function requiredMarks(type: AssetType): Mark[] {
  const { least, most } = requiredLeads(type)
  if (Number.isNaN(least)) return []
  if (least === most) return [{ name: 'required lead', at: least }]
  return [
    { name: 'shortest required lead', at: least },
    { name: 'longest', at: most },
  ]
}
