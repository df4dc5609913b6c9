import { expect } from 'vitest'
import type { Ticket, TicketEvent } from '../../core/ticket.ts'
import { getJson, until } from './forewarnProcess.ts'
import type { Installation } from './installation.ts'
import { LoadPublisher } from './loadPublisher.ts'
import { interleave, pumpMessages } from './pumpMessages.ts'

export interface Fault {
  /** Takes something away while devices publish. */
  breakIt(): Promise<void>
  /** What the health has to name meanwhile. */
  readonly named: RegExp
  /** How long it stays away, ms. */
  readonly awayMs: number
  mendIt(): Promise<void>
}

/** A pump that fails and three that do not; over some thirty seconds, or as fast as five in flight go. */
export function faultLoad(paceMs = 40): LoadPublisher & { readonly total: number } {
  const failing = pumpMessages({
    device: 'P-1',
    mode: 'imbalance',
    seed: 3,
    rows: 900,
    startHours: 24,
    developHours: 110,
  })
  const healthy = ['P-2', 'P-3', 'P-4'].map((device, i) =>
    pumpMessages({ device, mode: null, seed: i, rows: 700 }),
  )
  const messages = interleave(failing, ...healthy)
  return Object.assign(new LoadPublisher(messages, 5, paceMs), { total: messages.length })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * A part goes away under load and comes back. The health tells the truth meanwhile, nothing of the installation is
 * started anew, nothing is lost and no ticket is doubled.
 */
export async function underLoad(
  installation: Installation,
  brokerUrl: () => string,
  { breakIt, named, awayMs, mendIt }: Fault,
): Promise<void> {
  const publisher = faultLoad()
  const published = publisher.runThrough(brokerUrl, AbortSignal.timeout(180_000))
  await until(
    async () => publisher.acknowledged.size,
    (n) => n > publisher.total / 8,
  )
  const ready = async () => {
    const response = await fetch(`${installation.httpUrl}/health/ready`)
    return { status: response.status, text: await response.text() }
  }
  expect((await ready()).status).toBe(200)

  const brokenAt = Date.now()
  await breakIt()
  await until(ready, ({ status, text }) => status === 503 && named.test(text), 20_000)
  await pause(Math.max(0, brokenAt + awayMs - Date.now()))
  await mendIt()

  await published
  expect(publisher.acknowledged.size).toBe(publisher.total)
  const summary = await installation.settled(publisher.total)
  // A reading's identity is (device, time): as many stored as were sent is neither lost nor doubled.
  expect(summary.readings.stored).toBe(publisher.total)
  expect(summary.readings.deadLettered).toBe(0)
  await expectOneTicket(installation)
  await until(ready, ({ status }) => status === 200, 30_000)
}

async function expectOneTicket({ httpUrl }: Installation): Promise<void> {
  const { tickets } = await getJson<{ tickets: Ticket[] }>(`${httpUrl}/api/tickets`)
  expect(tickets.map(({ device, mode }) => ({ device, mode }))).toEqual([
    { device: 'P-1', mode: 'imbalance' },
  ])
  const { history } = await getJson<{ history: TicketEvent[] }>(`${httpUrl}/api/tickets/${tickets[0]!.id}`)
  expect(history.filter(({ kind }) => kind === 'opened')).toHaveLength(1)
}
