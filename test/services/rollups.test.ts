import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { TrendBucket } from '../../core/ports.ts'
import { InfluxClient } from '../../ingest/stores/influx/client.ts'
import { createInfluxStore } from '../../ingest/stores/influx/influxStore.ts'
import { parsePlace } from '../../ingest/stores/influx/place.ts'
import { createMemoryStore } from '../../ingest/stores/memory.ts'
import type { StoreNotice } from '../../ingest/stores/store.ts'
import { batchOfRows, suiteCatalogue } from '../contracts/telemetryStore.suite.ts'
import { telemetryAt } from '../support/telemetryAt.ts'
import { describeService, type Service, startService } from './harness.ts'

const hour = 3_600_000
const t0 = Math.floor(1_764_000_000_000 / hour) * hour
const none = Number.NaN

const row = (device: string, time: number, force: number, heat = none, site = 'hall') => ({
  device,
  time,
  site,
  values: [force, heat, none],
})

describeService('influxd', 'hourly roll-ups on InfluxDB', () => {
  let influxd: Service
  const cleanups: (() => unknown)[] = []
  beforeAll(async () => {
    influxd = await startService('influxd', 'auth-enabled = true')
    const first = new InfluxClient(parsePlace(telemetryAt(influxd.url)))
    await first.query(`CREATE USER "chief" WITH PASSWORD 'chief' WITH ALL PRIVILEGES`, {}, null)
    first.close()
  })
  afterAll(() => influxd?.close())
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  const placeOf = (database: string, user = 'chief:chief') =>
    `influx://${user}@127.0.0.1:${influxd.port}/${database}`

  function clientOf(database: string): InfluxClient {
    const client = new InfluxClient(parsePlace(telemetryAt(placeOf(database))))
    cleanups.push(() => client.close())
    return client
  }

  /** A store with its upkeep running, as in the store's thread. */
  function start(database: string, { user = 'chief:chief', retentionDays = 0 } = {}) {
    const notices: StoreNotice[] = []
    const telemetry = telemetryAt(placeOf(database, user), { retentionDays })
    const store = createInfluxStore(telemetry, suiteCatalogue, (notice) => notices.push(notice))
    const stopping = new AbortController()
    const running = store.upkeep!(stopping.signal)
    const stop = async () => {
      stopping.abort()
      await running
      await store.close()
    }
    cleanups.push(stop)
    const write = (...rows: ReturnType<typeof row>[]) => store.write([batchOfRows('press', rows)], 1)
    return { store, notices, stop, write }
  }

  /** What lies in the hourly policy, by hour: its fields that are not empty. */
  async function hourly(client: InfluxClient, database: string, device: string) {
    const [found] = await client.query(
      `SELECT * FROM "${database}"."hourly"."press_1h" WHERE "device" = '${device}'`,
    )
    const { columns = [], values = [] } = found?.[0] ?? {}
    return values.map((cells) => {
      const known = columns.map((name, i) => [name, cells[i]] as const).filter(([, cell]) => cell !== null)
      const { time, device: _, ...rest } = Object.fromEntries(known)
      return [Number(time), rest] as const
    })
  }
  const hoursOf = async (client: InfluxClient, database: string, device: string) =>
    (await hourly(client, database, device)).map(([time, { received_at_count: n }]) => [time, n])
  const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 })

  it('hold count, min, max and mean of each channel, for every hour that a later reading completed', async () => {
    const { write } = start('basic')
    const client = clientOf('basic')
    await write(
      row('a', t0, 1, 10),
      row('a', t0 + 1000, 3),
      row('a', t0 + hour - 1, 8),
      row('a', t0 + hour, 5),
      row('b', t0 + 10, 7),
    )
    await until(async () =>
      expect(await hourly(client, 'basic', 'a')).toEqual([
        [
          t0,
          {
            site: 'hall',
            received_at_count: 3,
            force_count: 3,
            force_min: 1,
            force_max: 8,
            force_mean: 4,
            heat_count: 1,
            heat_min: 10,
            heat_max: 10,
            heat_mean: 10,
          },
        ],
      ]),
    )
    // The hour of b is not over: nothing of it came later.
    expect(await hourly(client, 'basic', 'b')).toEqual([])
  })

  it('change no trend, and tell of readings that retention took', async () => {
    const { store, write } = start('trends')
    const client = clientOf('trends')
    const model = createMemoryStore(suiteCatalogue)
    const day = 24 * hour
    // Ten days of a reading every twenty minutes, a day of silence, one hour at two sites at once.
    const rows = Array.from({ length: 720 }, (_, i) => row('a', t0 + i * 1_200_000, i % 50))
      .filter(({ time }) => time < t0 + 2 * day || time >= t0 + 3 * day)
      .map((one, i) => (i < 3 && i > 0 ? { ...one, site: 'roof' } : one))
    await write(...rows)
    await model.write([batchOfRows('press', rows)], 1)
    await until(async () => expect(await hoursOf(client, 'trends', 'a')).toHaveLength(9 * 24))

    const same = async (from: number, to: number, bucketMs: number) => {
      const ours = await store.trend('press', 'a', 'force', from, to, bucketMs)
      const plain = await model.trend('press', 'a', 'force', from, to, bucketMs)
      const rounded = (b: TrendBucket) => ({ ...b, mean: Math.round(b.mean * 1e9) / 1e9 })
      expect(ours.map(rounded)).toEqual(plain.map(rounded))
    }
    const everywhere = async () => {
      for (const bucketMs of [hour, 7 * hour, day, 1_800_000]) {
        await same(t0, t0 + 10 * day, bucketMs)
        await same(t0 + hour / 2, t0 + 6 * day + 5, bucketMs)
        await same(t0 - 5 * day, t0 + 20 * day, bucketMs)
      }
    }
    await everywhere()
    // At once, although its hours are rolled up again only later.
    const late = [row('a', t0 + 30 * hour + 1, 400), row('a', t0 + 2 * day + hour, -400)]
    await write(...late)
    await model.write([batchOfRows('press', late)], 2)
    await everywhere()

    await until(async () => expect(await hoursOf(client, 'trends', 'a')).toHaveLength(9 * 24 + 1))
    await client.query(`DELETE FROM "press" WHERE time < ${t0 + day}ms`)
    const first = await store.trend('press', 'a', 'force', t0, t0 + day, day)
    expect(first.reduce((sum, { count }) => sum + count, 0)).toBe(72)
    expect(await store.trend('press', 'a', 'force', t0, t0 + day, 1_800_000)).toEqual([])
  })

  it('follow late readings, replaced ones, and a device that moved', async () => {
    const { write } = start('late')
    const client = clientOf('late')
    await write(row('a', t0, 1), row('a', t0 + 5 * hour, 2))
    await until(async () => expect(await hoursOf(client, 'late', 'a')).toEqual([[t0, 1]]))
    await write(
      row('a', t0 + 1, 2, none),
      row('a', t0, 9),
      row('a', t0 + 2 * hour, 4),
      row('a', t0 + 2 * hour + 1, 4, none, 'roof'),
    )
    const seen = async () =>
      (await hourly(client, 'late', 'a'))
        .map(([time, { site, force_count: n, force_max: max }]) => [time, site, n, max])
        .sort((a, b) => Number(a[0]) - Number(b[0]) || String(a[1]).localeCompare(String(b[1])))
    await until(async () =>
      expect(await seen()).toEqual([
        [t0, 'hall', 2, 9],
        [t0 + 2 * hour, 'hall', 1, 4],
        [t0 + 2 * hour, 'roof', 1, 4],
      ]),
    )
  })

  it('are made up for after a restart: what was missing, what was late, and what lies years back', async () => {
    const client = clientOf('restart')
    const years = t0 - 4 * 365 * 24 * hour
    /** Without upkeep, as in a run that crashed: nothing of it is remembered. */
    const writtenBefore = async (...rows: ReturnType<typeof row>[]) => {
      const crashed = createInfluxStore(telemetryAt(placeOf('restart')), suiteCatalogue)
      await crashed.write([batchOfRows('press', rows)], 1)
      await crashed.close()
    }
    await writtenBefore(
      row('a', years, 1),
      row('a', t0, 2),
      row('a', t0 + 2 * hour, 3),
      row('a', t0 + 3 * hour, 4),
    )
    const first = start('restart')
    await until(async () =>
      expect(await hoursOf(client, 'restart', 'a')).toEqual([
        [years, 1],
        [t0, 1],
        [t0 + 2 * hour, 1],
      ]),
    )
    await first.stop()
    await writtenBefore(row('a', t0 + 7, 4), row('a', t0 + 5 * hour, 3))
    start('restart')
    await until(async () =>
      expect(await hoursOf(client, 'restart', 'a')).toEqual([
        [years, 1],
        [t0, 2],
        [t0 + 2 * hour, 1],
        [t0 + 3 * hour, 1],
      ]),
    )
  })

  it('outlive the readings: an hour that retention takes apart is left as it was', async () => {
    const now = Math.floor(Date.now() / hour) * hour
    const client = clientOf('short')
    const before = start('short')
    await before.write(row('a', now - 30 * hour, 1), row('a', now - 30 * hour + 1, 2), row('a', now, 3))
    await until(async () => expect(await hoursOf(client, 'short', 'a')).toEqual([[now - 30 * hour, 2]]))
    await before.stop()
    await client.query(`DELETE FROM "press" WHERE time = ${now - 30 * hour}ms`)
    const after = start('short', { retentionDays: 1 })
    await after.write(row('a', now - 2 * hour, 5), row('a', now + hour, 6))
    await until(async () =>
      expect(await hoursOf(client, 'short', 'a')).toEqual([
        [now - 30 * hour, 2],
        [now - 2 * hour, 1],
        [now, 1],
      ]),
    )
    const [policies] = await client.query('SHOW RETENTION POLICIES ON "short"', {}, null)
    expect(policies![0]!.values.map(([name, duration]) => [name, duration])).toEqual([
      ['autogen', '24h0m0s'],
      ['hourly', '0s'],
    ])
  })

  it('wait while the store is away, and then go on', async () => {
    const { store, write } = start('away')
    const client = clientOf('away')
    await write(row('a', t0, 1), row('a', t0 + hour, 2))
    await until(async () => expect(await hoursOf(client, 'away', 'a')).toHaveLength(1))
    await influxd.stop('SIGKILL')
    await expect(store.latest('press')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await influxd.start()
    await write(row('a', t0 + 2 * hour, 3))
    await until(async () => expect(await hoursOf(client, 'away', 'a')).toHaveLength(2))
  })

  it('cost readings nothing where we may not make their place: a notice says what to run, and then they come', async () => {
    const admin = clientOf('clerks')
    for (const statement of [
      'CREATE DATABASE "clerks"',
      `CREATE USER "clerk" WITH PASSWORD 'clerk'`,
      'GRANT ALL ON "clerks" TO "clerk"',
    ])
      await admin.query(statement, {}, null)
    const { write, notices } = start('clerks', { user: 'clerk:clerk', retentionDays: 30 })
    expect(await write(row('a', t0, 1), row('a', t0 + hour, 2))).toMatchObject({ stored: 2, refused: [] })
    await until(async () => expect(notices.length).toBeGreaterThanOrEqual(3))
    const remedies = notices.map(({ remedy }) => remedy)
    expect(remedies[0]).toContain('ALTER RETENTION POLICY "autogen" ON "clerks" DURATION 720h')
    const statement = remedies[1]!.replace(/^[^:]*: /, '')
    expect(statement).toMatch(/^CREATE RETENTION POLICY "hourly" ON "clerks" DURATION INF/)
    await admin.query(statement, {}, null)
    await until(async () => expect(await hoursOf(admin, 'clerks', 'a')).toEqual([[t0, 1]]))
    expect(new Set(notices.map(({ detail }) => detail)).size).toBe(notices.length)
  })
})
