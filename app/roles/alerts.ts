import type { PredictionQueue, TicketStore } from '../../core/ports.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { untilAccepted } from '../untilAccepted.ts'

/** How long a ticket outlives its alarm at most. */
const withdrawEveryMs = 5_000

/**
 * The alerts role: predictions become tickets. A ticket database that is away makes the prediction wait instead of using
 * up its tries: BullMQ keeps the job's lock meanwhile, and a process that dies leaves it to the next.
 */
export async function startAlerts(
  { config, clock, logger, closers }: Around,
  { queue, tickets }: { queue: PredictionQueue; tickets: TicketStore },
): Promise<void> {
  const closing = new AbortController()
  // catalogue or calendar may say another thing than before the restart
  const reassessed = untilAccepted(() => tickets.reassess(), clock, closing.signal)
  reassessed.catch((error) => logger.warn({ err: error }, 'priorities and act-by dates are as they were'))
  if (config.policy.withdrawCleared) {
    const rounds = every(
      withdrawEveryMs,
      async () => {
        const withdrawn = await tickets.withdrawCleared()
        if (withdrawn > 0) logger.info({ withdrawn }, 'untouched tickets whose alarms have cleared')
      },
      clock,
      (error) => logger.warn({ err: error }, 'untouched tickets stay open'),
    )
    closers.add('withdrawals', () => rounds.stop())
  }
  await queue.process(async (prediction) => {
    const raise = () => tickets.raise(prediction)
    const { ticket, outcome } = await untilAccepted(raise, clock, closing.signal)
    logger.info({ device: ticket.device, mode: ticket.mode, outcome }, `ticket ${ticket.id}`)
  })
  closers.add('alerts', () => closing.abort())
}
