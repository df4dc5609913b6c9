import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { suiteCatalogue } from '../../../test/contracts/telemetryStore.suite.ts'
import {
  type Script,
  type ScriptedInflux,
  startScriptedInflux,
} from '../../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../../test/support/telemetryAt.ts'
import type { Range } from '../hours.ts'
import { InfluxClient, TooManyFiles } from './client.ts'
import { parsePlace } from './place.ts'
import * as reads from './reads.ts'
import { inSpans, spanMs, spansOf, within } from './spans.ts'
import { trend } from './trend.ts'

const hour = 3_600_000
const now = 1_764_000_000_000
const limit = 'Query would scan 500 Parquet files, exceeding the file limit. InfluxDB 3 Core caps file access'

describe('spans of a long range', () => {
  it('cover it without gap or overlap, newest first, none longer than two days', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 59 * 24 }), fc.nat({ max: hour }))
      .map(([hours, ms]) => ({
        from: now - hours * hour,
        to: now - hours * hour + Math.max(1, Math.floor((hours * ms) / 2)),
      }))
    fc.assert(
      fc.property(range, (whole) => {
        const spans = spansOf(whole, now)
        expect(spans[0]!.to).toBe(whole.to)
        expect(spans.at(-1)!.from).toBe(whole.from)
        for (const [i, { from, to }] of spans.entries()) {
          expect(to - from).toBeGreaterThan(0)
          expect(to - from).toBeLessThanOrEqual(spanMs)
          if (i > 0) expect(to).toBe(spans[i - 1]!.from)
        }
      }),
    )
  })

  it('follow open ends from a day ahead sixty days back', () => {
    const spans = spansOf({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }, now)
    expect([spans[0]!.to - now, now + 24 * hour - spans.at(-1)!.from]).toEqual([24 * hour, 60 * 24 * hour])
  })

  it('are asked for only where all at once is refused, and no further than needed', async () => {
    const asked: Range[] = []
    const read = async (range: Range) => {
      asked.push(range)
      if (range.to - range.from > spanMs) throw new TooManyFiles(limit)
      return asked.length
    }
    const week = { from: now - 7 * 24 * hour, to: now }
    expect(await inSpans({ from: now - hour, to: now }, read)).toHaveLength(1)
    expect(await inSpans(week, read)).toHaveLength(4)
    expect(await inSpans(week, read, (parts) => parts.length === 2)).toHaveLength(2)
    await expect(inSpans(week, () => Promise.reject(new Error('other')))).rejects.toThrow('other')
  })

  it('are conditions of InfluxQL', () => {
    expect(within({ from: 1.2, to: 9 })).toBe(' AND time >= 2ms AND time < 9ms')
    expect(within({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })).toBe('')
  })
})

// https://docs.influxdata.com/influxdb3/core/reference/config-options/#query-file-limit: 432 files, about 72 hours
describe('reads from 3 Core over more than its file limit', () => {
  let server: ScriptedInflux
  let client: InfluxClient
  /** One reading an hour of device `a` for ten days until now, its value the number of the hour. */
  const until = Math.floor(Date.now() / hour) * hour
  const times = Array.from({ length: 240 }, (_, i) => until - (239 - i) * hour)

  const script: Script = ({ path, body }) => {
    if (path !== '/query') return undefined
    const statement = new URLSearchParams(body).get('q')!
    if (!statement.startsWith('SELECT')) return undefined
    const from = Number(/time >= (-?\d+)ms/.exec(statement)?.[1] ?? Number.NEGATIVE_INFINITY)
    const to = Number(/time < (-?\d+)ms/.exec(statement)?.[1] ?? Number.POSITIVE_INFINITY)
    if (to - from > 72 * hour) return { status: 200, body: { results: [{ error: limit }] } }
    const found = times.filter((time) => time >= from && time < to)
    return {
      status: 200,
      body: { results: [found.length > 0 ? { series: [answer(statement, found)] } : {}] },
    }
  }
  function answer(statement: string, found: readonly number[]) {
    const tags = { device: 'a', site: 'hall' }
    const newest = found.at(-1)!
    const one = (...cells: unknown[]) => ({ name: 'fan', tags, columns: [], values: [cells] })
    if (statement.startsWith('SELECT count("received_at")')) return one(found[0], found.length)
    if (statement.startsWith('SELECT last')) return one(newest, newest)
    if (statement.includes('GROUP BY time')) {
      // One bucket of everything.
      return one(0, found.length, times.indexOf(found[0]!), times.indexOf(newest), times.indexOf(newest) / 2)
    }
    if (statement.includes('LIMIT 1')) {
      if (statement.includes('GROUP BY')) return one(newest, newest, times.indexOf(newest))
    }
    const rows = found.toReversed().map((time) => [time, 'hall', time, times.indexOf(time)])
    return { name: 'fan', columns: [], values: rows.slice(0, Number(/LIMIT (\d+)/.exec(statement)![1])) }
  }

  beforeEach(async () => {
    server = await startScriptedInflux('v3', script)
    client = new InfluxClient(parsePlace(telemetryAt(`${server.url}/plant`)))
  })
  afterEach(async () => {
    client.close()
    await server.close()
  })

  it('add up, and take the newest', async () => {
    expect(await reads.counts(client, 'fan')).toEqual(new Map([['a', 240]]))
    expect(await reads.newestTimes(client, 'fan')).toEqual(new Map([['a', until]]))
    expect(await reads.devices(client, 'fan')).toEqual([{ device: 'a', site: 'hall' }])
    const latest = await reads.latest(client, suiteCatalogue, 'fan')
    expect([latest.length, latest.time[0], latest.channels[0]![0]]).toEqual([1, until, 239])
  })

  it('go back as far as a window needs, and no further', async () => {
    const window = await reads.window(client, suiteCatalogue, 'fan', 'a', Number.POSITIVE_INFINITY, 100)
    expect([...window.channels[0]!]).toEqual(Array.from({ length: 100 }, (_, i) => 140 + i))
    const asked = server.asked('POST /query').length
    expect(asked).toBeLessThan(8)
  })

  it('put a bucket together that lies across spans', async () => {
    const range = { from: times[0]!, to: until + 1 }
    const query = { assetType: 'fan', device: 'a', channel: 'speed', ...range, bucketMs: 1e12 }
    const buckets = await trend(client, query, [])
    expect(buckets).toHaveLength(1)
    expect(buckets[0]).toMatchObject({ time: 0, count: 240, min: 0, max: 239 })
  })
})
