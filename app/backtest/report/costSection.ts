import type { AssetType } from '../../../core/catalogue.ts'
import type { StrategyCost } from '../../../models/evaluation/maintenance/costs.ts'
import { barChart } from '../../report/charts/barChart.ts'
import type { Section } from '../../report/renderReport.ts'
import { inCount, inFigures } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { usage } from './phrases.ts'

const day = 86_400_000

/** What four ways to maintain these machines would have cost. */
export function costSection({ costs }: BacktestResult, type: AssetType): Section {
  const heading = 'Cost per day'
  if (costs.every(({ total }) => total === 0))
    return {
      heading,
      text: ['No failure and no false ticket: no way to maintain these machines would have cost anything.'],
    }
  return {
    heading,
    text: assumptions(costs, type),
    charts: [
      barChart({
        caption: 'Cost per day that a machine ran',
        description: costs.map(({ name, perDay }) => `${name}: ${inFigures(perDay)}`).join(', '),
        categories: costs.map(({ name }) => name),
        category: { name: '' },
        value: { name: 'cost per day' },
        bars: [{ name: 'cost per day', values: costs.map(({ perDay }) => perDay) }],
        lying: true,
      }),
    ],
    table: {
      columns: [
        { name: 'Strategy' },
        ...['Cost per day', 'Cost in all', 'Machine days'].map((name) => ({ name, number: true })),
      ],
      rows: costs.map(({ name, perDay, total, time }) => [
        name,
        inFigures(perDay),
        inCount(total),
        inCount(time / day),
      ]),
    },
  }
}

const assumptions = (costs: readonly StrategyCost[], type: AssetType): string[] => [
  "Costs of planned repairs and of failures are the catalogue's, in its money; a failure of unknown mode costs the mean of all modes. Each is divided by the time that machines ran, so only the costs per day compare.",
  'Run to failure: every failure costs its full price. Perfect predictor: every machine gets its planned repair at the last moment before it fails.',
  `Forewarn: the first ticket that leaves time for the repair, however early, brings a planned repair after the notice that it needs, which gives away what was left of the life; a late ticket or none costs the failure; a false ticket costs a whole planned repair that renews nothing.`,
  ageWords(costs, type),
]

function ageWords(
  costs: readonly StrategyCost[],
  { cadenceMs, usage: { perSlot, unit } }: AssetType,
): string {
  const age = costs.find(({ name }) => name === 'age replacement')?.age ?? null
  const found = age === null ? 'here never' : `here ${usage((age / cadenceMs) * perSlot, unit)}`
  return `Age replacement: machines are renewed at the age that would have been best in hindsight on these very lives, ${found}, which flatters it.`
}
