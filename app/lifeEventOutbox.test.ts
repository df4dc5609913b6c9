import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import type { LifeEvent } from '../core/device.ts'
import { ForewarnError } from '../core/errors.ts'
import { type Outbox, openOutbox } from './lifeEventOutbox.ts'

const event: LifeEvent = { device: 'P-1', time: 5, kind: 'repaired', detail: 'new bearing' }
const away = () => Promise.reject(new ForewarnError('TICKETS_UNAVAILABLE', { problem: 'ECONNREFUSED' }))
const turn = () => new Promise((resolve) => setTimeout(resolve, 20))

let folder: string
let outbox: Outbox | undefined
let told: LifeEvent[]
let logged: string[]
const clock = new ManualClock(0)
const open = (tell: (one: LifeEvent) => Promise<void>) => {
  const logger = { error: (_: object, text: string) => logged.push(text) }
  outbox = openOutbox({ folder, tell, clock, logger })
  return outbox
}
const hear = async (one: LifeEvent) => void told.push(one)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-outbox-'))
  told = []
  logged = []
})
afterEach(async () => {
  await outbox?.close()
  rmSync(folder, { recursive: true })
})

it('tells an event once it is on disk, and forgets it once it was accepted', async () => {
  await open(hear).keep(event)
  await turn()
  expect(told).toEqual([event])
  await outbox!.close()
  open(hear)
  await turn()
  expect(told).toHaveLength(1)
})

it('holds nobody up while the database is away, and tells the event when it is back', async () => {
  let isAway = true
  await open((one) => (isAway ? away() : hear(one))).keep(event)
  await turn()
  expect(told).toEqual([])
  isAway = false
  clock.advance(10_000)
  await turn()
  expect(told).toEqual([event])
})

it('tells after a restart what was not accepted before it', async () => {
  await open(away).keep(event)
  await outbox!.close()
  open(hear)
  await turn()
  expect(told).toEqual([event])
})

it('says so when an event is refused for good, and tries it again at the next start', async () => {
  const refuse = () => Promise.reject(new ForewarnError('TICKETS_MISCONFIGURED', { problem: 'no right' }))
  await open(refuse).keep(event)
  await turn()
  expect(logged).toHaveLength(1)
  await outbox!.close()
  open(hear)
  await turn()
  expect(told).toEqual([event])
})
