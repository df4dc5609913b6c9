import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clock } from '../../../core/clock.ts'
import type { TrendBucket } from '../../../core/ports.ts'
import { hourMs } from '../../../core/series.ts'
import { batchOfRows, suiteCatalogue } from '../../../test/contracts/telemetryStore.suite.ts'
import { createMemoryStore } from '../memory.ts'
import { createDuckdbStore } from './duckdbStore.ts'

/** Rests for no time at all, so that what is missing is computed as fast as it can be. */
const hurried: Clock = {
  now: () => 0,
  elapsed: () => 0,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
}

const t0 = 1_764_000_000_000 - (1_764_000_000_000 % hourMs)

/** Means that were added up in another order; one of nothing is 0, not -0. */
const rounded = (bucket: TrendBucket) => ({ ...bucket, mean: Math.round(bucket.mean * 1e9) / 1e9 + 0 })

describe('hourly roll-ups in DuckDB', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-hourly-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const open = async (file: string) => {
    const store = createDuckdbStore(join(folder, file), suiteCatalogue, hurried)
    await store.open()
    return store
  }

  /** Computes what is missing until `isDone` says so. */
  async function upkeep(store: Awaited<ReturnType<typeof open>>, isDone: () => Promise<boolean>) {
    const stop = new AbortController()
    const running = store.upkeep!(stop.signal)
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    await running
  }

  const reading = (device: string, quarter: number, force: number) => ({
    device,
    time: t0 + quarter * (hourMs / 4),
    values: [force, Number.NaN, 1],
  })

  /** The tables themselves, as another tool would see them. */
  async function tables(file: string) {
    const instance = await DuckDBInstance.create(join(folder, file))
    const connection = await instance.connect()
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    const hour = `((time - ${t0}) / ${hourMs})::INTEGER`
    const found = {
      hourly: await rows(
        `SELECT series, ${hour}, force_count, force_min, force_max, force_mean, heat_min FROM hourly.press_1h ORDER BY 1, 2`,
      ),
      missing: await rows(`SELECT series, ${hour} FROM hourly.press_1h_missing ORDER BY 1, 2`),
    }
    instance.closeSync()
    return found
  }

  it('counts along what comes in order or late but new, and names the hours in which it cannot', async () => {
    const store = await open('along')
    const write = (position: number, ...rows: ReturnType<typeof reading>[]) =>
      store.write([batchOfRows('press', rows)], position)
    await write(1, reading('a', 0, 1), reading('a', 2, 3), reading('b', 0, 7))
    await write(2, reading('a', 1, 8))
    await write(3, reading('a', 4, 1), reading('b', 4, 1), reading('b', 5, 2))
    await write(4, reading('b', 5, 3))
    await write(5, reading('b', 8, 1), reading('a', 8, 1))
    await write(6, reading('a', 3, 5))
    await store.close()
    expect(await tables('along')).toEqual({
      hourly: [
        [0, 0, 3, 1, 8, 4, null],
        [0, 1, 1, 1, 1, 1, null],
        [1, 0, 1, 7, 7, 7, null],
      ],
      missing: [
        [0, 0],
        [1, 1],
      ],
    })
  })

  it('computes the missing hours from their readings, and those that began before it was opened', async () => {
    const store = await open('along')
    await store.write(
      [batchOfRows('press', [reading('a', 9, 5), reading('a', 12, 1), reading('b', 12, 1)])],
      7,
    )
    const filled = () => store.trend('press', 'a', 'force', t0, t0 + 4 * hourMs, hourMs)
    const before = await filled()
    let looks = 0
    await upkeep(store, async () => ++looks > 100)
    expect(await filled()).toEqual(before)
    await store.close()
    expect(await tables('along')).toEqual({
      hourly: [
        [0, 0, 4, 1, 8, 4.25, null],
        [0, 1, 1, 1, 1, 1, null],
        [0, 2, 2, 1, 5, 3, null],
        [1, 0, 1, 7, 7, 7, null],
        [1, 1, 2, 1, 3, 2, null],
        [1, 2, 1, 1, 1, 1, null],
      ],
      missing: [],
    })
  })

  it('finds all hours of a file that is older than they are', async () => {
    const first = await open('older')
    await first.write(
      [
        batchOfRows(
          'press',
          [0, 1, 9, 40].map((q) => reading('a', q, q)),
        ),
      ],
      1,
    )
    await first.close()
    const instance = await DuckDBInstance.create(join(folder, 'older'))
    const connection = await instance.connect()
    await connection.run('DROP TABLE hourly.press_1h; DROP TABLE hourly.press_1h_missing')
    instance.closeSync()
    await (await open('older')).close()
    expect((await tables('older')).missing).toEqual([
      [0, 0],
      [0, 2],
    ])
  })

  it('change no trend, whatever came when, is rolled up, or is missing', async () => {
    const row = fc.record({
      device: fc.constantFrom('a', 'b'),
      quarter: fc.integer({ min: 0, max: 40 }),
      force: fc.constantFrom(1, 2, 4, -8, Number.NaN),
    })
    const step = fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 20 }),
      after: fc.constantFrom('nothing', 'upkeep', 'reopen'),
    })
    const quarters = fc.tuple(fc.integer({ min: -2, max: 42 }), fc.integer({ min: 1, max: 44 }))
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 4 }),
        quarters,
        fc.constantFrom(1, 3),
        async (steps, [from, length], hours) => {
          const file = `any-${++run}`
          const model = createMemoryStore(suiteCatalogue)
          let store = await open(file)
          for (const [i, { rows, after }] of steps.entries()) {
            const batches = [
              batchOfRows(
                'press',
                rows.map((r) => reading(r.device, r.quarter, r.force)),
              ),
            ]
            expect(await store.write(batches, i + 1)).toEqual(await model.write(batches, i + 1))
            if (after === 'reopen') {
              await store.close()
              store = await open(file)
            }
            let looks = 0
            if (after === 'upkeep') await upkeep(store, async () => ++looks > 2)
            for (const device of ['a', 'b']) {
              const start = t0 + from * (hourMs / 4)
              const span = [start, start + length * (hourMs / 4), hours * hourMs] as const
              const ours = await store.trend('press', device, 'force', ...span)
              const expected = await model.trend('press', device, 'force', ...span)
              expect(ours.map(rounded)).toEqual(expected.map(rounded))
            }
          }
          await store.close()
        },
      ),
      { numRuns: 8, endOnFailure: true },
    )
  }, 120_000)
})
