import type { AssetType } from '../../../core/catalogue.ts'
import type { Section, Table } from '../../report/renderReport.ts'
import { inCount } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { failureWords, ticketsExplained, ticketWords } from './outcomeWords.ts'
import { modeLabel, moment, usage } from './phrases.ts'

/** A page with more rows than this is slow to open and nobody reads it. */
export const mostRows = 500

/** Every failure that was told early, late or not at all. */
export function untoldSection({ failures, usageUnit }: BacktestResult, type: AssetType): Section {
  const heading = 'Failures not told in time'
  if (failures.length === 0) return { heading, text: ['No failure is known in this history.'] }
  const untold = failures.filter(({ outcome }) => outcome !== 'found')
  if (untold.length === 0) return { heading, text: ['None: every failure was told in time.'] }
  const rows = untold.map(({ at, device, mode, outcome, leadUsage }) => [
    moment(at),
    device,
    modeLabel(type, mode),
    { text: failureWords[outcome].short, color: failureWords[outcome].color },
    usage(leadUsage, usageUnit),
  ])
  const words =
    'Early: a ticket came only before the horizon. Late: no time was left to plan the repair. Missed: no ticket.'
  return { heading, ...shortened(words, ['Failed, UTC', 'Device', 'Mode', 'Outcome'], rows) }
}

/** Every ticket in order of opening. */
export function ticketsSection({ tickets, usageUnit }: BacktestResult, type: AssetType): Section {
  const heading = 'Every ticket'
  if (tickets.length === 0) return { heading, text: ['No ticket would have been opened.'] }
  const rows = tickets.map(({ openedAt, device, mode, outcome, leadUsage }) => [
    moment(openedAt),
    device,
    modeLabel(type, mode),
    { text: ticketWords[outcome].short, color: ticketWords[outcome].color },
    usage(leadUsage, usageUnit),
  ])
  return {
    heading,
    ...shortened(ticketsExplained, ['Opened, UTC', 'Device', 'Suspected mode', 'Outcome'], rows),
  }
}

/** The first rows as a table whose last column is the lead, and a word on those left out. */
function shortened(
  words: string,
  columns: readonly string[],
  rows: Table['rows'],
): Pick<Section, 'text' | 'table'> {
  const left = rows.length - mostRows
  return {
    text: [
      words,
      ...(left > 0
        ? [`The first ${mostRows}; ${inCount(left)} more are in the result as JSON (--json).`]
        : []),
    ],
    table: {
      columns: [...columns.map((name) => ({ name })), { name: 'Lead', number: true }],
      rows: rows.slice(0, mostRows),
    },
  }
}
