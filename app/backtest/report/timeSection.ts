import { barChart } from '../../report/charts/barChart.ts'
import type { Section } from '../../report/renderReport.ts'
import type { BacktestResult } from '../backtest.ts'
import { ticketOutcomes, ticketsExplained, ticketWords } from './outcomeWords.ts'
import { periodsOf } from './periods.ts'
import { dayOf } from './phrases.ts'

/** When tickets would have been opened, by what became of them. */
export function timeSection({ tickets, from, until }: BacktestResult): Section {
  const heading = 'Tickets over time'
  if (tickets.length === 0) return { heading, text: ['No ticket would have been opened.'] }
  const { name, starts, indexOf } = periodsOf(from, until)
  return {
    heading,
    text: [ticketsExplained],
    charts: [
      barChart({
        caption: `Tickets opened, by ${name}`,
        description: `Tickets opened, by ${name}, stacked by what became of them`,
        categories: starts.map(dayOf),
        category: { name: `${name} from` },
        value: { name: 'tickets', whole: true },
        bars: ticketOutcomes.flatMap((outcome) => {
          const own = tickets.filter((ticket) => ticket.outcome === outcome)
          if (own.length === 0) return []
          const values = new Array<number>(starts.length).fill(0)
          for (const { openedAt } of own) values[indexOf(openedAt)]! += 1
          return [{ name: ticketWords[outcome].short, color: ticketWords[outcome].color, values }]
        }),
        stacked: true,
      }),
    ],
  }
}
