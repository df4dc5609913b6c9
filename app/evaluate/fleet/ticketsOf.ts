import type { AssetType } from '../../../core/catalogue.ts'
import type { Config } from '../../../core/config.ts'
import type { OpenedTicket } from '../../../models/evaluation/maintenance/outcome.ts'
import type { Scorer } from '../../../models/scoring/scorer.ts'
import type { LifeMoment } from '../../../models/training/labels/timeline.ts'
import type { DeviceSeries } from '../../../models/training/series.ts'
import { createPlanner } from '../../backtest/planner.ts'
import { replayDevice } from '../../backtest/replayDevice.ts'
import type { TicketBook } from '../../backtest/ticketBook.ts'

export interface TicketParts {
  readonly type: AssetType
  readonly scorer: Scorer
  readonly policy: Config['policy']
  readonly book: TicketBook
}

export interface ForewarnTickets {
  readonly opened: readonly OpenedTicket[]
  /** Windows scored. */
  readonly windows: number
}

/**
 * The tickets that a device's readings would have opened live: scorer, policy and ticket store are those of a plant. Its
 * planner finishes them when the alarm clears, the machine fails or is renewed (`assumed` of a backtest).
 */
export async function forewarnTickets(
  series: DeviceSeries,
  events: readonly LifeMoment[],
  { type, scorer, policy, book }: TicketParts,
): Promise<ForewarnTickets> {
  const planner = createPlanner('assumed', series.device, book.tickets, [])
  let windows = 0
  for await (const step of replayDevice(series, events, { type, scorer, policy })) {
    book.setTime(step.time)
    await planner.before(step)
    if (step.kind === 'event') continue
    windows += 1
    if (step.decision.prediction) await book.tickets.raise(step.decision.prediction)
  }
  const tickets = await book.tickets.list({ device: series.device, limit: Number.MAX_SAFE_INTEGER })
  const opened = tickets.map(({ device, mode, openedAt }) => ({ device, mode, openedAt }))
  return { windows, opened: opened.sort((a, b) => a.openedAt - b.openedAt) }
}
