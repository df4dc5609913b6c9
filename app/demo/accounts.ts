import type { Ticket } from '../../core/ticket.ts'
import type { Journey } from '../journey.ts'

/** How long the end waits for what was acknowledged to be stored, scored and decided. */
const drainMs = 60_000

/** Waits until nothing is under way any more: log, scorer and queue are empty. True when it was reached. */
export async function drain(journey: Pick<Journey, 'summary'>, ms = drainMs): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const { log, queue } = await journey.summary()
    const waiting = Object.values(log.behind).reduce((sum, n) => sum + n, 0) + queue.waiting + queue.active
    if (waiting === 0) return true
    await new Promise((done) => setTimeout(done, 100))
  }
  return false
}

export interface LossAccounts {
  readonly sent: number
  readonly stored: number
  readonly duplicates: number
  readonly deadLettered: number
  readonly inLog: number
  readonly lost: number
}

/** The loss equation after the end: `sent` from the publisher, `stored` from a query of the store. */
export async function lossAccounts(journey: Journey, sent: number): Promise<LossAccounts> {
  const { stored, duplicates, deadLettered, inLog } = (await journey.summary()).readings
  return {
    sent,
    stored,
    duplicates,
    deadLettered,
    inLog,
    lost: sent - stored - duplicates - deadLettered - inLog,
  }
}

/** What a ticket said when it was opened, from its history: later predictions change the ticket itself. */
export interface Opening {
  readonly ticket: number
  readonly device: string
  readonly mode: string
  readonly windowEnd: number
  readonly publishToTicketMs: number | null
}

/** The openings of all tickets, earliest deciding window first. */
export async function openings({ tickets }: Journey): Promise<Opening[]> {
  const all = await Promise.all(
    (await tickets.list({ limit: 10_000 })).map((ticket) => opening(tickets, ticket)),
  )
  return all.sort((a, b) => a.windowEnd - b.windowEnd)
}

async function opening(tickets: Journey['tickets'], ticket: Ticket): Promise<Opening> {
  const opened = (await tickets.history(ticket.id)).find((event) => event.kind === 'opened')
  const { mode = ticket.mode, windowEnd = ticket.prediction.windowEnd } = (opened?.detail ??
    {}) as Partial<Opening>
  return {
    ticket: ticket.id,
    device: ticket.device,
    mode,
    windowEnd,
    publishToTicketMs: ticket.publishToTicketMs,
  }
}
