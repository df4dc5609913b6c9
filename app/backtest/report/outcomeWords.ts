import type { TicketOutcome } from '../../../models/evaluation/maintenance/outcome.ts'
import { colours } from '../../report/style.ts'
import type { BacktestFailure } from '../backtest.ts'

/** An outcome as a planner says it, in one colour all over the report. */
export interface OutcomeWords {
  /** For legends and bars. */
  readonly short: string
  /** Where nothing beside explains it. */
  readonly long: string
  readonly color: string
}

const [, orange, violet, green, red] = colours.series

/** In the order in which they are shown. */
export const ticketWords: Readonly<Record<TicketOutcome, OutcomeWords>> = {
  found: { short: 'in time', long: 'in time: failed within the horizon', color: green },
  early: { short: 'early', long: 'early: failed after the horizon', color: violet },
  late: { short: 'late', long: 'late: failed before the repair could be planned', color: orange },
  false: { short: 'false', long: 'false: no failure followed', color: red },
  undecided: {
    short: 'undecided',
    long: 'undecided: the history ends before one can know',
    color: colours.muted,
  },
}

/** In the order in which they are shown. */
export const failureWords: Readonly<Record<BacktestFailure['outcome'], Omit<OutcomeWords, 'long'>>> = {
  found: { short: 'told in time', color: green },
  early: { short: 'told early', color: violet },
  late: { short: 'told late', color: orange },
  missed: { short: 'missed', color: red },
}

export const ticketOutcomes = Object.keys(ticketWords) as TicketOutcome[]
export const failureOutcomes = Object.keys(failureWords) as BacktestFailure['outcome'][]

export const ticketsExplained =
  'In time: the machine failed within the horizon. Early: it failed after the horizon. Late: it failed before the repair could be planned. False: no failure followed. Undecided: the history ends before one can know.'
