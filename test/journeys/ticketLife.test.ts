import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  Attachment,
  Problem,
  Ticket,
  TicketDetail,
  TicketList,
} from '../../alerts/http/schemas/index.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { until } from '../support/forewarnProcess.ts'

/*
 * Monday 02:00  two windows of one alarm come milliseconds apart, and each of them twice: one ticket opens
 *        08:00  Ada reads how pressing it is and until when to act; there is no track record yet
 *        08:05  Ada and Ben edit it at once: one of them is told what the other did
 *        09:00  Ben attaches what he measured, and splits off a second suspicion; at 10:00 he merges it back
 * Tuesday       the work is scheduled and done, the verdict is given
 * Wednesday     it hums again: the ticket is reopened, and resolved once more; its record speaks for the next one
 */
const folder = mkdtempSync(join(tmpdir(), 'forewarn-ticket-life-'))
const hourMs = 3_600_000
const monday = Date.now() - 3 * 24 * hourMs
const first = predictionOf({ device: 'P-101', windowEnd: monday, mode: 'bearing_wear' })
const second = predictionOf({ ...first, id: 'a moment later', windowEnd: monday + 5, raisedAt: monday })
let journey: Journey

beforeAll(async () => {
  journey = await startJourney({
    config: parseConfig({
      data: { folder },
      mqtt: { port: 0 },
      http: { port: 0 },
      calendar: { timeZone: 'Europe/Berlin' },
    }),
    logger: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error
    },
  })
}, 180_000)

afterAll(async () => {
  await journey?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T>(path: string, body?: object, status = 200): Promise<T> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const response = await fetch(new URL(path, journey.httpUrl), init)
  const content = await response.text()
  expect(response.status, content).toBe(status)
  return JSON.parse(content) as T
}
const act = <T = Ticket>(id: number, action: string, body: object, status = 200) =>
  ask<T>(`/api/tickets/${id}/${action}`, body, status)
const detailOf = (id: number) => ask<TicketDetail>(`/api/tickets/${id}`)

it('opens one ticket for predictions that come milliseconds apart', async () => {
  await Promise.all([first, second, first, second].map((one) => journey.queue.add(one)))
  const { tickets } = await until(
    () => ask<TicketList>('/api/tickets?device=P-101'),
    ({ tickets: [one] }) => one?.predictions === 2,
    20_000,
  )
  expect(tickets).toMatchObject([{ id: 1, state: 'open', version: 1 }])
})

it('says how pressing it is, until when to act, and what became of its kind', async () => {
  const { ticket, trackRecord } = await detailOf(1)
  // 14,000 against 1,800, at 83 %
  expect(ticket.priority).toMatchObject({ level: 'urgent', criticality: 'medium' })
  expect(ticket.priority!.score).toBeCloseTo((0.83 * 14_000) / 1_800, 9)
  expect(ticket.actBy!.earlyEnd).toBe(Math.floor(ticket.prediction.windowEnd + 10.5 * hourMs))
  expect(ticket.actBy).toMatchObject({ timeZone: 'Europe/Berlin', lead: 12, tooLate: true })
  expect(ticket.actBy!.at).toBeLessThanOrEqual(ticket.actBy!.earlyEnd - 12 * hourMs)
  expect(trackRecord.sentence).toBe('No ticket of this kind has been looked at yet.')
})

it('tells the second of two planners what the first one did', async () => {
  const edits = ['Ada', 'Ben'].map((actor) =>
    fetch(new URL('/api/tickets/1/acknowledge', journey.httpUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ actor, version: 1 }),
    }),
  )
  const answers = await Promise.all(edits)
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  const won = answers[0]!.status === 200 ? 'Ada' : 'Ben'
  const problem = (await answers.find(({ status }) => status === 409)!.json()) as Problem
  expect(problem).toMatchObject({ code: 'TICKET_STALE', changes: [{ actor: won, kind: 'acknowledged' }] })
  expect(problem.detail).toContain(`${won}: acknowledged`)
})

it('takes a measurement, a second suspicion, and that one back', async () => {
  const url = new URL('/api/tickets/1/attachments?name=spectrum.csv&actor=Ben', journey.httpUrl)
  const headers = { 'content-type': 'application/octet-stream' }
  const up = await fetch(url, { method: 'POST', headers, body: 'Hz,mm/s\n118,4.1\n' })
  const { id } = (await up.json()) as Attachment
  const down = await fetch(new URL(`/api/tickets/1/attachments/${id}`, journey.httpUrl))
  expect(await down.text()).toBe('Hz,mm/s\n118,4.1\n')

  const part = await act(1, 'split', { actor: 'Ben', version: 2, mode: 'imbalance' })
  expect(part).toMatchObject({ device: 'P-101', mode: 'imbalance', splitFrom: 1, state: 'open' })
  await act(part.id, 'comment', { actor: 'Ben', note: 'the coupling is straight' })
  const whole = await act(part.id, 'merge', { actor: 'Ben', version: 1, into: 1, note: 'one cause' })
  expect(whole).toMatchObject({ id: 1, version: 4 })
  const merged = await detailOf(part.id)
  expect(merged).toMatchObject({ ticket: { state: 'withdrawn', mergedInto: 1 }, reopenable: false })
  expect(merged.history.map(({ kind }) => kind)).toEqual(['opened', 'commented', 'withdrawn'])
})

it('goes to its verdict, back, and to another', async () => {
  const scheduledFor = monday + 30 * hourMs
  await act(1, 'schedule', { actor: 'Ada', version: 4, scheduledFor })
  await act(1, 'start', { actor: 'Ben', version: 5 })
  expect((await act<Problem>(1, 'close', { actor: 'Ben', version: 6 }, 409)).code).toBe('TICKET_TRANSITION')
  await act(1, 'resolve', { actor: 'Ben', version: 6, verdict: 'no_fault_found' })
  expect((await detailOf(1)).trackRecord).toMatchObject({ judged: 1, confirmed: 0 })
  await act(1, 'reopen', { actor: 'Ada', version: 7, reason: 'it hums again' })
  expect((await detailOf(1)).trackRecord).toMatchObject({ judged: 0 })
  await act(1, 'resolve', { actor: 'Ben', version: 8, verdict: 'confirmed', verdictMode: 'bearing_wear' })
  const { history } = await detailOf(1)
  expect(history.map(({ kind }) => kind)).toEqual([
    'opened',
    'merged',
    'acknowledged',
    'attached',
    'split',
    'absorbed',
    'scheduled',
    'in_progress',
    'resolved',
    'reopened',
    'resolved',
  ])
})

it('speaks for the next ticket of its kind', async () => {
  const next = predictionOf({ device: 'P-102', windowEnd: monday + 70 * hourMs, mode: 'bearing_wear' })
  await journey.queue.add(next)
  const { tickets, trackRecords } = await until(
    () => ask<TicketList>('/api/tickets?device=P-102'),
    ({ total }) => total === 1,
    20_000,
  )
  expect(tickets[0]).toMatchObject({ mode: 'bearing_wear', state: 'open' })
  expect(trackRecords).toMatchObject([{ mode: 'bearing_wear', judged: 1, confirmed: 1, share: 1 }])
  expect(trackRecords[0]!.sentence).toMatch(/^1 of the last 1 of this kind confirmed/)
})
