import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { loadCatalogue } from '../../../app/loadCatalogue.ts'
import { type Clock, systemClock } from '../../../core/clock.ts'
import { hourMs } from '../../../core/series.ts'
import { InfluxClient } from '../../../ingest/stores/influx/client.ts'
import { createInfluxStore } from '../../../ingest/stores/influx/influxStore.ts'
import { parsePlace } from '../../../ingest/stores/influx/place.ts'
import { hourlyOf } from '../../../ingest/stores/influx/rollups/recover.ts'
import { createStore } from '../../../ingest/stores/open.ts'
import type { Store } from '../../../ingest/stores/store.ts'
import { findService, startService } from '../../services/harness.ts'
import { telemetryAt } from '../../support/telemetryAt.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { folderMb } from '../lib/folderSize.ts'
import { fill, type History } from '../lib/history.ts'

const dayMs = 24 * hourMs
/** The newest reading of a year that is over: the same every time. */
const to = Date.UTC(2026, 0, 1)
const from = to - 365 * dayMs
const cadenceMs = 10_000
const coarseMs = 600_000
const minuteMs = 60_000
const channel = 'flow'

/** As the page asks for them, 240 buckets a chart. */
const charts = [
  { span: 'day', ms: dayMs, bucketMs: dayMs / 240, repeats: 21, atMostMs: 50 },
  { span: 'month', ms: 30 * dayMs, bucketMs: 3 * hourMs, repeats: 21, atMostMs: 200 },
  { span: 'year', ms: 365 * dayMs, bucketMs: 37 * hourMs, repeats: 11, atMostMs: 1_000 },
] as const

/** Rests for no time: roll-ups are made at once, not beside a writer. */
const hurried: Clock = { ...systemClock, sleep: () => new Promise((resolve) => setImmediate(resolve)) }

const catalogue = loadCatalogue(fileURLToPath(new URL('../../../catalogue', import.meta.url)))
const type = catalogue.get('pump')!
const names = (count: number) => Array.from({ length: count }, (_, i) => `pump-${i}`)

interface Filled {
  readonly store: Store
  /** What the queries ask for: devices with a reading every ten seconds, all year. */
  readonly devices: readonly string[]
  readonly readings: number
  readonly fillSeconds: number
  megabytes(): number | null
  close(): Promise<void>
}

/** A channel of one machine over a day, a month and a year, on each store. */
export const query: BenchCase = {
  name: 'query',
  about: 'a trend over a day, a month and a year of a reading in ten seconds, on each store',
  async *run(context) {
    yield* measure('duckdb', context, await filledDuckdb(context))
    if (findService('influxd')) yield* measure('influxdb', context, await filledInflux(context))
    else context.progress('query: InfluxDB is left out, influxd is not installed')
    yield* measure('memory', context, await filledMemory(context))
  },
}

async function* measure(name: string, { progress }: BenchContext, filled: Filled): AsyncGenerator<Measured> {
  try {
    for (const chart of charts) {
      progress(`query: ${name}, a ${chart.span}`)
      yield await measureChart(name, chart, filled)
    }
  } finally {
    await filled.close()
  }
}

async function measureChart(
  name: string,
  { span, ms, bucketMs, repeats, atMostMs }: (typeof charts)[number],
  { store, devices, readings, fillSeconds, megabytes }: Filled,
): Promise<Measured> {
  const took: number[] = []
  let rows = 0
  let buckets = 0
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now()
    const trend = await store.trend(type.name, devices[i % devices.length]!, channel, to - ms, to, bucketMs)
    // the first one warms up
    if (i > 0) took.push(performance.now() - start)
    rows = trend.reduce((sum, { count }) => sum + count, 0)
    buckets = trend.length
  }
  took.sort((a, b) => a - b)
  return {
    settings: { store: name, span, repeats },
    figures: {
      p50Ms: Number(took[took.length >> 1]!.toFixed(1)),
      maxMs: Number(took.at(-1)!.toFixed(1)),
      readingsBehind: rows,
      buckets,
      readingsInStore: readings,
      storeMb: megabytes(),
      fillSeconds,
    },
    aims: name === 'memory' ? [] : [{ figure: 'p50Ms', atMost: atMostMs }],
  }
}

async function filledDuckdb(context: BenchContext): Promise<Filled> {
  const folder = await context.folder()
  const store = createStore(telemetryAt('duckdb:'), folder, catalogue)
  await store.open()
  const devices = names(50)
  const filled = await fillAll('duckdb', context, store, [{ type, devices, from, to, cadenceMs }])
  return { store, devices, ...filled, megabytes: () => folderMb(folder), close: () => store.close() }
}

/** Series lie apart in InfluxDB: one machine is as good as all of them, the others are only there. */
async function filledInflux(context: BenchContext): Promise<Filled> {
  const influxd = await startService('influxd')
  const telemetry = telemetryAt(`${influxd.url}/query`)
  const store = createInfluxStore(telemetry, catalogue, undefined, hurried)
  const client = new InfluxClient(parsePlace(telemetry))
  await store.open()
  const [first, ...others] = names(50)
  const filled = await fillAll('influxdb', context, store, [
    { type, devices: [first!], from, to, cadenceMs },
    { type, devices: others, from, to, cadenceMs: coarseMs },
  ])
  await rollUp(context, store, client, others.at(-1)!)
  client.close()
  const close = async () => {
    await store.close()
    await influxd.close()
  }
  return { store, devices: [first!], ...filled, megabytes: () => folderMb(influxd.folder), close }
}

/** One machine with a reading a minute: the memory store is for trying things out, and takes 400 bytes a reading. */
async function filledMemory(context: BenchContext): Promise<Filled> {
  const store = createStore(telemetryAt('memory:'), '', catalogue)
  const devices = names(1)
  const filled = await fillAll('memory', context, store, [{ type, devices, from, to, cadenceMs: minuteMs }])
  return { store, devices, ...filled, megabytes: () => null, close: () => store.close() }
}

async function fillAll(
  name: string,
  { progress }: BenchContext,
  store: Store,
  histories: readonly History[],
): Promise<{ readings: number; fillSeconds: number }> {
  const start = performance.now()
  let position = 0
  let told = 0
  for (const [i, history] of histories.entries()) {
    position = await fill(store, history, position, (share) => {
      if (performance.now() - told < 5_000) return
      told = performance.now()
      progress(`query: filling ${name}, part ${i + 1} of ${histories.length}, ${Math.round(share * 100)} %`)
    })
  }
  const readings = histories.reduce((sum, one) => sum + (one.devices.length * (to - from)) / one.cadenceMs, 0)
  return { readings, fillSeconds: Math.round((performance.now() - start) / 1_000) }
}

/** Until the machine that comes last has its roll-ups, all hours but the newest. */
async function rollUp({ progress }: BenchContext, store: Store, client: InfluxClient, last: string) {
  progress('query: rolling up')
  const stop = new AbortController()
  const running = store.upkeep!(stop.signal)
  const statement = `SELECT count("received_at_count") FROM ${hourlyOf(client, type.name)} WHERE "device" = $last`
  for (let hours = 0; hours < (to - from) / hourMs - 1; ) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const [found] = await client.query(statement, { last }).catch(() => [])
    hours = Number(found?.[0]?.values[0]?.[1] ?? 0)
  }
  stop.abort()
  await running
}
