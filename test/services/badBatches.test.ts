import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keepStored } from '../../app/storing.ts'
import { systemClock } from '../../core/clock.ts'
import type { Reading } from '../../core/reading.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { startStore } from '../../ingest/stores/host.ts'
import { InfluxClient } from '../../ingest/stores/influx/client.ts'
import { parsePlace } from '../../ingest/stores/influx/place.ts'
import { suiteCatalogue } from '../contracts/telemetryStore.suite.ts'
import { telemetryAt } from '../support/telemetryAt.ts'
import { describeService, type Service, startService } from './harness.ts'

const dayMs = 86_400_000
const user = 'chief:password-of-chief'

const reading = (device: string, time: number, ...values: number[]): Reading => ({
  device,
  site: 'hall',
  assetType: 'press',
  time,
  receivedAt: time + 5,
  publishedAt: Number.NaN,
  seq: 1,
  values: Float64Array.from([...values, 1, 2, 3].slice(0, 3)),
})

/** 1.6.7 takes no key of more than 65,535 bytes: the one real line that we can write and it cannot read. */
const unreadable = 'x'.repeat(66_000)

/** From the log through the writer to a real server, and from there to the dead letters. */
describeService('influxd', 'bad batches on InfluxDB', () => {
  let influxd: Service
  let admin: InfluxClient
  const cleanups: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    influxd = await startService('influxd', 'auth-enabled = true\n  max-body-size = 100000')
    const first = new InfluxClient(parsePlace(telemetryAt(influxd.url)))
    await first.query(`CREATE USER "chief" WITH PASSWORD 'password-of-chief' WITH ALL PRIVILEGES`, {}, null)
    first.close()
    admin = new InfluxClient(parsePlace(telemetryAt(urlOf(user))))
  })
  afterAll(async () => {
    admin?.close()
    await influxd?.close()
  })
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })
  const urlOf = (who: string, database = '') => `influx://${who}@127.0.0.1:${influxd.port}/${database}`
  const manage = (statement: string) => admin.query(statement, {}, null)

  async function makeLog() {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-bad-'))
    cleanups.push(() => rm(folder, { recursive: true, force: true }))
    const log = await openReadingLog({
      folder: join(folder, 'log'),
      maxBytes: 1e8,
      catalogue: suiteCatalogue,
      consumers: ['store'],
      clock: systemClock,
    })
    cleanups.push(() => log.close())
    const start = async (url: string, over = {}) => {
      const store = await startStore({
        telemetry: telemetryAt(url, over),
        dataFolder: folder,
        logFolder: join(folder, 'log'),
        catalogue: suiteCatalogue,
        logger: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
        from: log.cursor('store'),
      })
      keepStored(store, log, systemClock)
      cleanups.push(() => store.close())
      const drained = () =>
        vi.waitFor(() => expect(log.cursor('store')).toBe(log.last()), { timeout: 50_000, interval: 20 })
      return { store, drained }
    }
    const letters = async () =>
      (await log.deadLetters.list()).map(({ reason, topic, readings, payload }) => ({
        reason,
        device: topic.split('/')[3]!,
        readings,
        values: JSON.parse(Buffer.from(payload).toString()).values as (number | null)[],
      }))
    return { log, start, letters }
  }

  it('leaves out the values of a field that someone made with another type', async () => {
    const { log, start, letters } = await makeLog()
    const { store, drained } = await start(urlOf(user, 'conflict'))
    const now = Date.now()
    await admin.write([`press,device=foreign,site=hall heat="warm" ${now}`], 'conflict')
    await log.append(
      Array.from({ length: 50 }, (_, i) => reading(`d-${i}`, now + i, i, i === 7 ? 20 : Number.NaN)),
    )
    await drained()
    expect(await letters()).toEqual([
      { reason: 'store_type_conflict', device: 'd-7', readings: 0, values: [null, 20, null] },
    ])
    const window = await store.telemetry.window('press', 'd-7', now + 100, 5)
    expect(window.channels.map(([value]) => value)).toEqual([7, Number.NaN, 1])
    expect(store.stats()).toMatchObject({ stored: 50, state: 'ok' })
  })

  it('drops what it cannot parse and what is beyond retention, and nothing that came with them', async () => {
    const { log, start, letters } = await makeLog()
    const { store, drained } = await start(urlOf(user, 'mixed'), { retentionDays: 2 })
    const now = Date.now()
    const good = Array.from({ length: 200 }, (_, i) => reading(`d-${i}`, now - i, i))
    await log.append([
      ...good.slice(0, 80),
      reading(unreadable, now, 1),
      ...good.slice(80),
      reading('late-1', now - 5 * dayMs, 1),
      reading('late-2', now - 3 * dayMs, 1),
    ])
    await drained()
    const found = await letters()
    expect(found.map(({ reason, readings }) => [reason, readings]).sort()).toEqual([
      ['store_beyond_retention', 1],
      ['store_beyond_retention', 1],
      ['store_unparsable', 1],
    ])
    expect(found.map(({ device }) => device).sort()).toEqual(['late-1', 'late-2', unreadable].sort())
    expect((await store.telemetry.counts('press')).size).toBe(200)
    expect(store.stats()).toMatchObject({ stored: 200, refused: 3, state: 'ok' })
  })

  it('halves what is too large for one request, and gives up only a reading that is too large alone', async () => {
    const { log, start, letters } = await makeLog()
    const { store, drained } = await start(urlOf(user, 'large'))
    const now = Date.now()
    const large = reading('y'.repeat(60_000), now, 1)
    const site = 's'.repeat(60_000)
    await log.append([
      ...Array.from({ length: 3_000 }, (_, i) => reading('d', now - 3_000 + i, i)),
      { ...large, site },
    ])
    await drained()
    expect((await letters()).map(({ reason }) => reason)).toEqual(['store_too_large'])
    expect((await store.telemetry.counts('press')).get('d')).toBe(3_000)
  })

  it('makes a database again that was dropped under it, and loses nothing of what came after', async () => {
    const { log, start, letters } = await makeLog()
    const { store, drained } = await start(urlOf(user, 'dropped'))
    const now = Date.now()
    await log.append([reading('before', now, 1)])
    await drained()
    await manage('DROP DATABASE "dropped"')
    await log.append([reading('after', now, 1)])
    await vi.waitFor(() => expect(store.stats().state).toBe('stopped'), { timeout: 10_000, interval: 10 })
    expect(store.stats().error).toContain('database not found: "dropped"')
    await drained()
    expect(await store.telemetry.counts('press')).toEqual(new Map([['after', 1]]))
    expect(store.stats().state).toBe('ok')
    expect(await letters()).toEqual([])
  })

  it('keeps everything in the log while password or rights are missing, says so, and goes on once they are mended', async () => {
    const { log, start, letters } = await makeLog()
    await log.append([reading('d', Date.now(), 1)])
    await manage('CREATE DATABASE "rights"')
    await manage(`CREATE USER "clerk" WITH PASSWORD 'old'`)
    await manage('GRANT ALL ON "rights" TO "clerk"')
    const { store, drained } = await start(urlOf('clerk:old', 'rights'))
    await drained()
    await manage(`SET PASSWORD FOR "clerk" = 'other'`)
    await log.append([reading('d', Date.now() + 1, 2)])
    await vi.waitFor(() => expect(store.stats().state).toBe('stopped'), { timeout: 10_000, interval: 10 })
    expect(store.stats().error).toMatch(/authorization failed/)
    await manage(`SET PASSWORD FOR "clerk" = 'old'`)
    await drained()
    await manage('REVOKE ALL ON "rights" FROM "clerk"')
    await log.append([reading('d', Date.now() + 2, 3)])
    await vi.waitFor(() => expect(store.stats().state).toBe('stopped'), { timeout: 10_000, interval: 10 })
    expect(store.stats().error).toMatch(/not authorized/)
    await manage('GRANT ALL ON "rights" TO "clerk"')
    await drained()
    expect((await store.telemetry.counts('press')).get('d')).toBe(3)
    expect(await letters()).toEqual([])
  })

  describe('at the start', () => {
    it.each([
      ['no password', '', /401/],
      ['a wrong password', 'chief:wrong', /authorization failed/],
    ])('%s stops with the way out', async (_, who, problem) => {
      const { start } = await makeLog()
      await expect(start(urlOf(who, 'stranger'))).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message: expect.stringMatching(problem),
        remedy: expect.stringMatching(/telemetry\.url.*telemetry\.token/),
      })
    })

    it('a database that may not be made stops with what an administrator runs', async () => {
      const { start } = await makeLog()
      await manage(`CREATE USER "guest" WITH PASSWORD 'guest'`)
      await expect(start(urlOf('guest:guest', 'forbidden'))).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message: expect.stringContaining('CREATE DATABASE "forbidden"'),
      })
    })
  })
})
