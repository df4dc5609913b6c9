import type { Section } from '../../report/renderReport.ts'
import { inCount, inFigures, inPercent } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { ticketOutcomes, ticketWords } from './outcomeWords.ts'

/** How often tickets are right, and how often failures get one. */
export function qualitySection(result: BacktestResult): Section {
  const { tickets, figures, falsePerThousand, usageUnit } = result
  const { precision, recall } = figures
  return {
    heading: 'Right and wrong',
    text: [
      'Precision: of the tickets that are decided, those that a failure followed within the horizon, in time or late. Recall: of the failures, those told in time. A ticket before the horizon counts as wrong in both, though the planner had more time and not less.',
    ],
    table: {
      columns: [{ name: 'Figure' }, { name: 'Value', number: true }],
      rows: [
        ['Precision', inPercent(precision ?? Number.NaN)],
        ['Recall at the required lead', inPercent(recall ?? Number.NaN)],
        [
          `False or early tickets per 1,000 ${usageUnit} without a failure in sight`,
          inFigures(falsePerThousand ?? Number.NaN),
        ],
        ['Tickets', inCount(tickets.length)],
        ...ticketOutcomes.map((outcome) => [
          { text: ticketWords[outcome].long, color: ticketWords[outcome].color },
          inCount(tickets.filter((ticket) => ticket.outcome === outcome).length),
        ]),
      ],
    },
  }
}
