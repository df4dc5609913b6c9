import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, it } from 'vitest'
import type { Summary } from '../../../alerts/http/schemas/index.ts'
import type { Ticket } from '../../../core/ticket.ts'
import { getJson, startProcess, until } from '../../support/forewarnProcess.ts'
import { keyOf, LoadPublisher } from '../../support/loadPublisher.ts'
import { interleave, pumpMessages } from '../../support/pumpMessages.ts'
import { plugIn, powerBack } from './disk.ts'
import { describePower } from './library.ts'

const rounds = 3

describePower('forewarn through power cuts under load', (library) => {
  const parent = mkdtempSync(join(tmpdir(), 'forewarn-power-'))
  const folder = join(parent, 'data')
  afterAll(() => rmSync(parent, { recursive: true, force: true }))
  const env = { FOREWARN_INGEST_MAXPASTDAYS: '400' }
  const ticketsOf = async (url: string) =>
    (await getJson<{ tickets: Ticket[] }>(`${url}/api/tickets`)).tickets

  it('keeps what it acknowledged in store and log, and its tickets, each once', async () => {
    const wearing = pumpMessages({
      device: 'P-bad',
      mode: 'bearing_wear',
      seed: 5,
      rows: 3_000,
      startHours: 40,
      developHours: 60,
    })
    const healthy = [1, 2, 3].map((i) =>
      pumpMessages({ device: `P-${i}`, mode: null, seed: 100 + i, rows: 2_000 }),
    )
    const messages = interleave(wearing, ...healthy)
    const publisher = new LoadPublisher(messages)
    const seen = new Set<Ticket['id']>()

    for (let round = 0; round < rounds; round++) {
      const power = plugIn(parent, { library, syncMs: 2 })
      const forewarn = await startProcess({ folder, env: { ...env, ...power } })
      for (const { id } of await ticketsOf(forewarn.httpUrl)) seen.delete(id)
      expect({ round, gone: [...seen] }).toEqual({ round, gone: [] })
      const load = new AbortController()
      const published = publisher.run(forewarn.mqttUrl, load.signal)
      await new Promise((done) => setTimeout(done, 400 + Math.random() * 1_500))
      // the last cut comes when there is a ticket to lose
      const due = round < rounds - 1 ? 0 : 1
      const tickets = await until(
        () => ticketsOf(forewarn.httpUrl),
        ({ length }) => length >= due,
        120_000,
      )
      for (const { id } of tickets) seen.add(id)
      await forewarn.kill()
      load.abort()
      await published
      powerBack(parent, round === 0 ? 'synced only' : { seed: round })
    }

    const forewarn = await startProcess({ folder, env })
    await publisher.run(forewarn.mqttUrl, AbortSignal.timeout(120_000))
    expect(publisher.done).toBe(true)
    const handled = await until(
      () => getJson<Summary>(`${forewarn.httpUrl}/api/summary`),
      ({ log, queue }) =>
        Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active === 0,
      120_000,
    )
    expect(handled.readings.stored).toBe(messages.length)
    const tickets = await ticketsOf(forewarn.httpUrl)
    expect(tickets.map(({ id }) => id)).toEqual(expect.arrayContaining([...seen]))
    expect(tickets.filter(({ device }) => device === 'P-bad')).toHaveLength(1)
    expect(new Set(tickets.map(({ device }) => device)).size).toBe(tickets.length)
    expect(await forewarn.stop()).toBe(0)

    const stored = await storedKeys(join(folder, 'telemetry.duckdb'))
    expect([...publisher.acknowledged].filter((key) => !stored.has(key))).toEqual([])
    expect(Math.max(...stored.values())).toBe(1)
    expect(stored.size).toBe(new Set(messages.map(keyOf)).size)
  }, 400_000)
})

/** `device time` of every row in the store's file, with how often it stands there. */
async function storedKeys(file: string): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(storedKeysQuery)).getRows()
  connection.closeSync()
  instance.closeSync()
  return new Map(rows.map(([device, time, count]) => [`${device} ${time}`, Number(count)]))
}

const storedKeysQuery = 'SELECT device, epoch_ms("time"), count(*) FROM pump GROUP BY ALL'
