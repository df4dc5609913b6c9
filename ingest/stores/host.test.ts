import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import { systemClock } from '../../core/clock.ts'
import type { Reading } from '../../core/reading.ts'
import { type Script, startScriptedInflux } from '../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../test/support/telemetryAt.ts'
import { openReadingLog } from '../log/lmdbLog.ts'
import { type StoreHandle, type StoreOptions, startStore, type Written } from './host.ts'

const catalogue: Catalogue = new Map([
  [
    'press',
    parseAssetType(
      {
        name: 'press',
        label: 'Press',
        window: { by: 'grid', length: 4, minimum: 2 },
        cadenceMs: 1000,
        usage: { unit: 'h', perSlot: 1, perDay: 24 },
        rulCap: 100,
        horizon: 10,
        channels: [
          { name: 'force', label: 'Force', unit: 'N', plausible: [-1e9, 1e9] },
          { name: 'heat', label: 'Heat', unit: 'Cel', plausible: [-1e9, 1e9] },
        ],
        failureModes: [],
      },
      'press.yaml',
    ),
  ],
])

const t0 = 1_764_000_000_000
const reading = (i: number): Reading => ({
  device: `press-${i % 3}`,
  site: 'hall',
  assetType: 'press',
  time: t0 + i * 1000,
  receivedAt: t0 + i * 1000 + 5,
  publishedAt: Number.NaN,
  seq: i,
  values: Float64Array.of(i, i / 3),
})
const readings = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => reading(from + i))

const quiet = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

describe('store host', () => {
  const cleanups: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    vi.clearAllMocks()
  })

  async function makeLog() {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-host-'))
    cleanups.push(() => rm(folder, { recursive: true, force: true }))
    const logFolder = join(folder, 'log')
    const log = await openReadingLog({
      folder: logFolder,
      maxBytes: 1e8,
      catalogue,
      consumers: ['store'],
      clock: systemClock,
    })
    cleanups.push(() => log.close())
    const start = async (over: Partial<StoreOptions> = {}): Promise<StoreHandle> => {
      const store = await startStore({
        telemetry: telemetryAt('duckdb:'),
        dataFolder: folder,
        logFolder,
        catalogue,
        logger: quiet,
        from: log.cursor('store'),
        ...over,
      })
      cleanups.push(() => store.close())
      return store
    }
    return { folder, log, start }
  }
  const total = async (store: StoreHandle) =>
    [...(await store.telemetry.counts('press')).values()].reduce((sum, n) => sum + n, 0)
  const until = (check: () => boolean | Promise<boolean>) =>
    vi.waitFor(async () => expect(await check()).toBe(true), { timeout: 20_000, interval: 5 })

  it('tells how far it is to a log that begins anew, so that none of its readings are taken for old ones', async () => {
    const { folder, log, start } = await makeLog()
    await log.append(readings(0, 100))
    const first = await start()
    first.onWritten((written) => log.commit('store', written.position))
    await until(() => log.cursor('store') === log.last())
    await first.close()

    const logFolder = join(folder, 'log anew')
    const anew = await openReadingLog({
      folder: logFolder,
      maxBytes: 1e8,
      catalogue,
      consumers: ['store'],
      clock: systemClock,
    })
    cleanups.push(() => anew.close())
    const store = await start({ logFolder, from: anew.cursor('store') })
    expect(store.stats().position).toBe(log.last())
    await anew.continueAfter(store.stats().position)
    store.onWritten((written) => anew.commit('store', written.position))
    await anew.append(readings(100, 150))
    await until(() => anew.cursor('store') === anew.last())
    expect(await total(store)).toBe(150)
  })

  it('moves what the log holds into the store and reports every slice in order', async () => {
    const { log, start } = await makeLog()
    await log.append(readings(0, 300))
    const store = await start()
    const reports: Written[] = []
    store.onWritten(async (written) => {
      reports.push(written)
      await log.commit('store', written.position)
    })
    await log.append(readings(300, 500))
    await until(() => log.cursor('store') === log.last())
    expect(await total(store)).toBe(500)
    expect(reports.reduce((sum, r) => sum + r.stored, 0)).toBe(500)
    const positions = reports.map((r) => r.position)
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
    expect(store.stats()).toEqual({
      position: log.last(),
      stored: 500,
      duplicates: 0,
      refused: 0,
      state: 'ok',
    })
    const window = await store.telemetry.window('press', 'press-1', t0 + 1e9, 2)
    expect([...window.channels[0]!]).toEqual([496, 499])
    expect(window.channels[1]![1]).toBe(499 / 3)
  })

  it('neither loses nor doubles a slice that the store had committed when the log had not', async () => {
    const { log, start } = await makeLog()
    await log.append(readings(0, 100))
    await log.append(readings(100, 200))
    const first = await start()
    // No report is ever answered: the log's cursor stays, as after a crash between the two commits.
    await until(async () => (await total(first)) === 200)
    await first.close()
    expect(log.cursor('store')).toBe(0)

    await log.append(readings(200, 250))
    const second = await start()
    const reports: Written[] = []
    second.onWritten(async (written) => {
      reports.push(written)
      await log.commit('store', written.position)
    })
    await until(() => log.cursor('store') === log.last())
    expect(await total(second)).toBe(250)
    expect(reports.reduce((sum, r) => sum + r.stored + r.duplicates, 0)).toBe(50)
    expect(second.stats()).toMatchObject({ stored: 250, duplicates: 0 })
  })

  it('calls again a callback that could not keep what was refused', async () => {
    const { log, start } = await makeLog()
    const store = await start()
    let tries = 0
    store.onWritten(() => {
      if (++tries === 1) throw new Error('disk full')
    })
    await log.append(readings(0, 3))
    await until(() => tries === 2)
    expect(quiet.error).toHaveBeenCalledOnce()
  })

  it('keeps scores, and takes whole scores', async () => {
    const { start } = await makeLog()
    const store = await start()
    const score = {
      device: 'press-1',
      site: 'hall',
      assetType: 'press',
      windowEnd: t0,
      model: 'm',
      role: 'champion' as const,
      anomaly: 0.5,
      rul: { p05: 1, p10: 2, p50: 3, p90: 4, p95: 5 },
      failureProbability: 0.25,
    }
    await store.scores.writeScores([
      { ...score, evidence: { window: new Float32Array(9), call: () => 1 } } as typeof score,
    ])
    expect(await store.scores.scoreCount()).toBe(1)
    expect(await store.scores.scores('press', 'press-1', t0, t0 + 1)).toEqual([score])
  })

  it('lets readings in through the log only', async () => {
    const { start } = await makeLog()
    const store = await start()
    await expect(store.telemetry.write([], 9)).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await store.telemetry.cursor()).toBe(0)
  })

  it('names a data folder that cannot be used, in the error that start throws', async () => {
    const { folder, start } = await makeLog()
    const file = join(folder, 'file')
    await writeFile(file, 'not a folder')
    await expect(start({ dataFolder: file })).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
    await writeFile(join(folder, 'telemetry.duckdb'), 'this is no database'.repeat(1000))
    await expect(start()).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/not a valid DuckDB database/),
    })
    await expect(start({ telemetry: telemetryAt('influx:') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  it('starts while the store is away and says so', async () => {
    const { log, start } = await makeLog()
    await log.append(readings(0, 3))
    const store = await start({ telemetry: telemetryAt('influx://127.0.0.1:9/nowhere') })
    await until(() => store.stats().state === 'retrying')
    expect(store.stats().error).toMatch(/does not answer.*ECONNREFUSED/)
    expect(store.stats().position).toBe(0)
    await expect(store.telemetry.latest('press')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      next: 'retry',
    })
    expect(quiet.warn).toHaveBeenCalledOnce()
  })

  it('without a log reads and keeps scores, writes no readings, and tells whether the store answers', async () => {
    const { log, start } = await makeLog()
    await log.append(readings(0, 3))
    const store = await start({ logFolder: undefined, from: log.last() })
    await store.records.record([])
    expect(await total(store)).toBe(0)
    expect(store.stats()).toEqual({ position: 0, stored: 0, duplicates: 0, refused: 0, state: 'ok' })

    const server = await startScriptedInflux('v1')
    cleanups.push(() => server.close())
    const away = await start({ logFolder: undefined, telemetry: telemetryAt(`${server.url}/plant`) })
    await until(() => away.stats().state === 'ok')
    expect(server.asked('POST /write')).toEqual([])
    server.script = () => ({ status: 503 })
    await until(() => away.stats().state === 'retrying')
    server.script = () => undefined
    await until(() => away.stats().state === 'ok')
  })

  it('hands on what an operator should mend, with the way out', async () => {
    const script: Script = ({ body }) =>
      body.includes('CREATE') ? { status: 403, body: { error: 'not authorized' } } : undefined
    const server = await startScriptedInflux('v1', script, [['plant', 0]])
    cleanups.push(() => server.close())
    const { start } = await makeLog()
    await start({ telemetry: telemetryAt(`${server.url}/plant`) })
    expect(quiet.warn).toHaveBeenCalledWith(
      { remedy: expect.stringContaining('CREATE RETENTION POLICY') },
      expect.stringContaining('no hourly roll-ups'),
    )
  })

  it('answers every open question when it is closed, and none after that', async () => {
    const { start } = await makeLog()
    const store = await start()
    const asked = Promise.allSettled(Array.from({ length: 20 }, () => store.telemetry.counts('press')))
    await store.close()
    for (const answer of await asked) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    }
    await expect(store.telemetry.counts('press')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await store.close()
  })

  it('surfaces a thread that ends by itself: to its owner, to health, and to whoever waits for an answer', async () => {
    const { start } = await makeLog()
    const onFatal = vi.fn()
    let thread: Worker | undefined
    process.once('worker', (worker) => {
      thread = worker
    })
    const store = await start({ onFatal, telemetry: telemetryAt('memory:') })
    const asked = store.telemetry.counts('press')
    // Only the store of the heap may be cut off like this; DuckDB would take the process with it.
    await Promise.allSettled([thread!.terminate(), asked])
    await until(() => onFatal.mock.calls.length > 0)
    expect(onFatal).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }))
    expect(store.stats()).toMatchObject({
      state: 'stopped',
      error: expect.stringMatching(/thread has ended/),
    })
    await expect(store.telemetry.counts('press')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('takes being closed on purpose for nothing fatal', async () => {
    const { start } = await makeLog()
    const onFatal = vi.fn()
    const store = await start({ onFatal })
    await store.close()
    expect(onFatal).not.toHaveBeenCalled()
  })
})
