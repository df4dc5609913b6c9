import { type AssetType, unknownMode } from '../../../core/catalogue.ts'
import type { Section } from '../../report/renderReport.ts'
import { inCount, inPercent } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { modeLabel, shareOf } from './phrases.ts'

/** Failures by what they were, and tickets by what they suspected. */
export function modesSection(result: BacktestResult, type: AssetType): Section {
  const modes = modesOf(result, type)
  return {
    heading: 'By failure mode',
    text: [
      'Failures by the mode that was recorded, tickets by the mode that they suspect: precision asks whether a failure followed within the horizon, not whether it was of that mode.',
    ],
    table: {
      columns: [
        { name: 'Failure mode' },
        ...['Failures', 'Told in time', 'Tickets', 'Precision'].map((name) => ({ name, number: true })),
      ],
      rows: modes.map((mode) => rowOf(result, type, mode)),
    },
  }
}

/** Those of the catalogue, then whatever else occurs. */
function modesOf({ failures, tickets }: BacktestResult, { failureModes }: AssetType): (string | null)[] {
  const known = failureModes.map(({ name }) => name)
  const seen = new Set([...failures, ...tickets].map(({ mode }) => mode))
  const strangers = [...seen].filter((mode) => mode !== null && mode !== unknownMode && !known.includes(mode))
  const last = [unknownMode, null].filter((mode) => seen.has(mode))
  return [...known, ...strangers.sort(), ...last]
}

function rowOf(result: BacktestResult, type: AssetType, mode: string | null): string[] {
  const failures = result.failures.filter((failure) => failure.mode === mode)
  const told = failures.filter(({ outcome }) => outcome === 'found').length
  const tickets = result.tickets.filter((ticket) => ticket.mode === mode)
  const decided = tickets.filter(({ outcome }) => outcome !== 'undecided')
  const right = decided.filter(({ outcome }) => outcome === 'found' || outcome === 'late').length
  return [
    modeLabel(type, mode),
    inCount(failures.length),
    failures.length > 0 ? `${inCount(told)} (${inPercent(shareOf(told, failures.length))})` : '–',
    inCount(tickets.length),
    inPercent(shareOf(right, decided.length)),
  ]
}
