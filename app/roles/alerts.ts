import type { PredictionQueue, TicketStore } from '../../core/ports.ts'
import type { Around } from '../around.ts'
import { untilAccepted } from '../untilAccepted.ts'

/**
 * The alerts role: predictions become tickets. A ticket database that is away makes the prediction wait instead of using
 * up its tries: BullMQ keeps the job's lock meanwhile, and a process that dies leaves it to the next.
 */
export async function startAlerts(
  { clock, logger, closers }: Around,
  { queue, tickets }: { queue: PredictionQueue; tickets: TicketStore },
): Promise<void> {
  const closing = new AbortController()
  // catalogue or calendar may say another thing than before the restart
  const reassessed = untilAccepted(() => tickets.reassess(), clock, closing.signal)
  reassessed.catch((error) => logger.warn({ err: error }, 'priorities and act-by dates are as they were'))
  await queue.process(async (prediction) => {
    const raise = () => tickets.raise(prediction)
    const { ticket, outcome } = await untilAccepted(raise, clock, closing.signal)
    logger.info({ device: ticket.device, mode: ticket.mode, outcome }, `ticket ${ticket.id}`)
  })
  closers.add('alerts', () => closing.abort())
}
