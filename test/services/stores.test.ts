import { afterAll, beforeAll, expect, it } from 'vitest'
import { InfluxClient } from '../../ingest/stores/influx/client.ts'
import { examineInflux } from '../../ingest/stores/influx/examine.ts'
import { parsePlace } from '../../ingest/stores/influx/place.ts'
import { createStore } from '../../ingest/stores/open.ts'
import { batchOfRows, suiteCatalogue, telemetryStoreContract } from '../contracts/telemetryStore.suite.ts'
import { telemetryAt } from '../support/telemetryAt.ts'
import { describeService, type Service, startService } from './harness.ts'

const t0 = 1_764_000_000_000
const press = (device: string, time: number, force: number, heat = 1, select = 2) => ({
  device,
  time,
  values: [force, heat, select],
})

describeService('influxd', 'InfluxDB 1.x', () => {
  let influxd: Service
  const clients: InfluxClient[] = []
  beforeAll(async () => {
    influxd = await startService('influxd')
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await influxd?.close()
  })

  telemetryStoreContract('InfluxDB', { durable: true, ownCursor: false }, async () => ({
    open: async (catalogue = suiteCatalogue) => {
      const store = createStore(telemetryAt(`${influxd.url}/contract`), '', catalogue)
      await store.open()
      return store
    },
    remove: async () => {},
  }))

  /** A database of its own, with the means to spoil it. */
  async function database(name: string) {
    const admin = new InfluxClient(parsePlace(telemetryAt(`${influxd.url}/${name}`)))
    clients.push(admin)
    await admin.query(`CREATE DATABASE "${name}"`)
    return { admin, store: createStore(telemetryAt(`${influxd.url}/${name}`), '', suiteCatalogue) }
  }

  it('stores readings without a field that someone made with another type, and gives its values back', async () => {
    const { admin, store } = await database('conflict')
    await admin.write([`press,device=foreign,site=hall heat="warm" ${t0}`])
    const none = Number.NaN
    const result = await store.write(
      [
        batchOfRows('press', [
          press('a', t0, 1, 20),
          press('a', t0 + 1, 2, none),
          press('a', t0 + 2, none, 30, none),
        ]),
      ],
      1,
    )
    expect(result.stored).toBe(2)
    expect(result.refused.map(({ reading, partial }) => [[...reading.values], partial])).toEqual([
      [[none, 20, none], true],
      [[none, 30, none], undefined],
    ])
    expect(result.refused[0]!.detail).toContain('field type conflict')
    const window = await store.window('press', 'a', t0 + 9, 9)
    expect([...window.channels[0]!]).toEqual([1, 2])
    expect((await store.counts('press')).get('a')).toBe(2)
    await store.close()
  })

  it('refuses only what lies beyond the retention policy', async () => {
    const { admin, store } = await database('retention')
    await admin.query('ALTER RETENTION POLICY "autogen" ON "retention" DURATION 24h SHARD DURATION 1h')
    const now = Date.now()
    const old = now - 10 * 86_400_000
    const rows = [
      press('a', now - 2000, 1),
      press('a', old, 2),
      press('b', now - 1000, 3),
      press('b', old - 5000, 4),
    ]
    const result = await store.write([batchOfRows('press', rows)], 1)
    expect(result.stored).toBe(2)
    expect(result.refused.map(({ reading }) => reading.time).sort()).toEqual([old - 5000, old])
    expect(result.refused[0]!.detail).toContain('beyond retention policy')
    expect(await store.counts('press')).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    )
    await store.close()
  })

  it('makes its database, and says what to do when it is away, then goes on', async () => {
    const store = createStore(telemetryAt(`${influxd.url}/away`), '', suiteCatalogue)
    await store.write([batchOfRows('press', [press('a', t0, 1)])], 1)
    await influxd.stop('SIGKILL')
    const slice = [batchOfRows('press', [press('a', t0 + 1000, 2)])]
    await expect(store.write(slice, 2)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', next: 'retry' })
    await expect(store.latest('press')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await influxd.start()
    expect(await store.write(slice, 2)).toEqual({ stored: 1, duplicates: 0, refused: [] })
    expect((await store.counts('press')).get('a')).toBe(2)
    await store.close()
  })

  it('makes its database again where someone dropped it', async () => {
    const { admin, store } = await database('dropped')
    await store.write([batchOfRows('press', [press('a', t0, 1)])], 1)
    await admin.query('DROP DATABASE "dropped"')
    const slice = [batchOfRows('press', [press('a', t0, 1), press('a', t0 + 1000, 2)])]
    await expect(store.write(slice, 2)).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
    expect(await store.write(slice, 2)).toEqual({ stored: 2, duplicates: 0, refused: [] })
    await store.close()
  })
})

describeService('influxd', 'InfluxDB 1.x with passwords', () => {
  let influxd: Service
  beforeAll(async () => {
    influxd = await startService('influxd', 'auth-enabled = true\n  max-body-size = 20000')
    const first = new InfluxClient(parsePlace(telemetryAt(`${influxd.url}/plant`)))
    await first.query(`CREATE USER "chief" WITH PASSWORD 'pass:w@rd' WITH ALL PRIVILEGES`, {}, null)
    first.close()
  })
  afterAll(() => influxd?.close())
  const open = (user: string) =>
    createStore(telemetryAt(`influx://${user}127.0.0.1:${influxd.port}/plant`), '', suiteCatalogue)

  it('is told by the doctor what is there, and what is not ours', async () => {
    const look = (user: string, database: string) =>
      examineInflux(telemetryAt(`influx://${user}127.0.0.1:${influxd.port}/${database}`))
    expect(await look('chief:pass%3Aw%40rd@', 'examined')).toMatchObject({
      level: 'warning',
      detail: expect.stringMatching(/^InfluxDB 1\.\d.*examined is not there yet/),
      remedy: expect.stringContaining('CREATE DATABASE "examined"'),
    })
    const store = createStore(
      telemetryAt(`influx://chief:pass%3Aw%40rd@127.0.0.1:${influxd.port}/examined`, { retentionDays: 7 }),
      '',
      suiteCatalogue,
    )
    await store.open()
    await store.close()
    expect(await look('chief:pass%3Aw%40rd@', 'examined')).toEqual({
      level: 'ok',
      detail: expect.stringMatching(
        /examined may be written and keeps readings 7 days; .* in examined\/hourly$/,
      ),
    })
    expect(await look('chief:wrong@', 'examined')).toMatchObject({ level: 'problem' })
    expect(await look('', 'examined')).toMatchObject({
      level: 'problem',
      remedy: expect.stringMatching(/token/),
    })
  })

  it('logs in with user and password, and stops with a clear error at the wrong ones', async () => {
    const store = open('chief:pass%3Aw%40rd@')
    expect(await store.write([batchOfRows('press', [press('a', t0, 1)])], 1)).toMatchObject({ stored: 1 })
    await store.close()
    for (const user of ['', 'chief:wrong@']) {
      const stranger = open(user)
      await expect(stranger.open()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED', next: 'stop' })
      await stranger.close()
    }
  })

  it('halves what is too large for one request', async () => {
    const store = open('chief:pass%3Aw%40rd@')
    const rows = Array.from({ length: 3000 }, (_, i) => press('large', t0 + i * 1000, i))
    expect(await store.write([batchOfRows('press', rows)], 1)).toEqual({
      stored: 3000,
      duplicates: 0,
      refused: [],
    })
    expect((await store.counts('press')).get('large')).toBe(3000)
    await store.close()
  })
})
