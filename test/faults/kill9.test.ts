import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, it } from 'vitest'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import type { Ticket } from '../../core/ticket.ts'
import { getJson, startProcess, until } from '../support/forewarnProcess.ts'
import { keyOf, LoadPublisher } from '../support/loadPublisher.ts'
import { interleave, pumpMessages } from '../support/pumpMessages.ts'

const folder = mkdtempSync(join(tmpdir(), 'forewarn-kill9-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kills = 10
const env = { FOREWARN_INGEST_MAXPASTDAYS: '400' }

it(`survives kill -9 under load, ${kills} times: nothing acknowledged is missing, nothing doubled`, async () => {
  const wearing = pumpMessages({
    device: 'P-bad',
    mode: 'bearing_wear',
    seed: 5,
    rows: 4_000,
    startHours: 40,
    developHours: 100,
  })
  const healthy = Array.from({ length: 10 }, (_, i) =>
    pumpMessages({ device: `P-${i}`, mode: null, seed: 100 + i, rows: 3_000 }),
  )
  const messages = interleave(wearing, ...healthy)
  const publisher = new LoadPublisher(messages)

  for (let round = 0; round < kills; round++) {
    const forewarn = await startProcess({ folder, env })
    const load = new AbortController()
    const published = publisher.run(forewarn.mqttUrl, load.signal)
    await new Promise((done) => setTimeout(done, 200 + ((round * 373) % 900)))
    await forewarn.kill()
    load.abort()
    await published
  }

  const forewarn = await startProcess({ folder, env })
  await publisher.run(forewarn.mqttUrl, AbortSignal.timeout(120_000))
  expect(publisher.done).toBe(true)
  const handled = await until(
    () => getJson<Summary>(`${forewarn.httpUrl}/api/summary`),
    ({ log, queue }) => Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active === 0,
    60_000,
  )
  expect(handled.readings.stored).toBe(messages.length)
  const { tickets } = await getJson<{ tickets: Ticket[] }>(`${forewarn.httpUrl}/api/tickets`)
  expect(tickets.filter((t) => t.device === 'P-bad')).toHaveLength(1)
  expect(new Set(tickets.map((t) => t.device)).size).toBe(tickets.length)
  expect(await forewarn.stop()).toBe(0)

  const stored = await storedKeys()
  const missing = [...publisher.acknowledged].filter((key) => !stored.has(key))
  expect(missing).toEqual([])
  expect(Math.max(...stored.values())).toBe(1)
  expect(stored.size).toBe(new Set(messages.map(keyOf)).size)
}, 400_000)

/** `device time` of every row in the store's file, with how often it stands there. */
async function storedKeys(): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(join(folder, 'telemetry.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(storedKeysQuery)).getRows()
  connection.closeSync()
  instance.closeSync()
  return new Map(rows.map(([device, time, count]) => [`${device} ${time}`, Number(count)]))
}

const storedKeysQuery = 'SELECT device, epoch_ms("time"), count(*) FROM pump GROUP BY ALL'
