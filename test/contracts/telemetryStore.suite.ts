import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { createMemoryStore } from '../../ingest/stores/memory.ts'
import type { Store } from '../../ingest/stores/store.ts'
import { score, scoreStoreContract } from './scoreStore.suite.ts'

/** What an adapter brings to the suite: a store on an empty place, which can be closed and opened again. */
export interface StorePlace {
  /** A new store object on the same data. */
  open(catalogue?: Catalogue): Promise<Store>
  remove(): Promise<void>
}

export interface StoreTraits {
  /** Whether data is still there after `close` and `open`. */
  readonly durable: boolean
  /** Whether it remembers the position of its last write, and totals with it. */
  readonly ownCursor: boolean
}

const channel = (name: string) => ({ name, label: name, unit: '1', plausible: [-1e308, 1e308] })

const assetType = (name: string, channels: string[]) =>
  parseAssetType(
    {
      name,
      label: name,
      window: { by: 'grid', length: 4, minimum: 2 },
      cadenceMs: 1000,
      usage: { unit: 'h', perSlot: 1, perDay: 24 },
      rulCap: 100,
      horizon: 10,
      channels: channels.map(channel),
      failureModes: [],
    },
    `${name}.yaml`,
  )

export const suiteCatalogue: Catalogue = new Map(
  [
    assetType('press', ['force', 'heat', 'select']),
    assetType('fan', ['speed']),
    assetType('group', ['limit']),
  ].map((type) => [type.name, type]),
)

const t0 = 1_764_000_000_000

interface Row {
  readonly device: string
  readonly time: number
  readonly values: readonly number[]
  readonly site?: string
}

export function batchOfRows(assetType: string, rows: readonly Row[]): ReadingBatch {
  return {
    assetType,
    length: rows.length,
    device: rows.map((row) => row.device),
    site: rows.map((row) => row.site ?? 'hall'),
    time: Float64Array.from(rows, (row) => row.time),
    receivedAt: Float64Array.from(rows, (row) => row.time + 7),
    publishedAt: Float64Array.from(rows, () => Number.NaN),
    seq: Float64Array.from(rows, (_, i) => i),
    channels: Array.from({ length: rows[0]?.values.length ?? 0 }, (_, c) =>
      Float64Array.from(rows, (row) => row.values[c]!),
    ),
  }
}

/** A batch as plain rows, to compare. */
function rowsOf(batch: ReadingBatch): Row[] {
  return Array.from({ length: batch.length }, (_, i) => ({
    device: batch.device[i]!,
    time: batch.time[i]!,
    values: batch.channels.map((values) => values[i]!),
  }))
}

const press = (device: string, time: number, force: number, heat = 1, select = 2): Row => ({
  device,
  time,
  values: [force, heat, select],
})

/** Slices of a few batches over two devices and few times, so that everything meets everything. */
const sliceOfRows = fc.array(
  fc.array(
    fc.record({
      device: fc.constantFrom('a', 'b'),
      time: fc.integer({ min: 0, max: 20 }).map((ms) => t0 + ms),
      // Whole numbers, so that a mean does not depend on the order of adding.
      values: fc.tuple(...Array.from({ length: 3 }, () => fc.constantFrom(Number.NaN, 1, 2, -3))),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { maxLength: 3 },
)

/** The contract of TelemetryStore, and of the ScoreStore that every such store is, too. Every test takes devices of its own in one shared store. */
export function telemetryStoreContract(
  name: string,
  { durable, ownCursor }: StoreTraits,
  prepare: () => Promise<StorePlace>,
): void {
  describe(`telemetry store: ${name}`, () => {
    let place: StorePlace
    let store: Store
    let position = 0

    beforeAll(async () => {
      place = await prepare()
      store = await place.open()
    })
    afterAll(async () => {
      await store?.close()
      await place?.remove()
    })
    const write = (rows: readonly Row[], type = 'press') => store.write([batchOfRows(type, rows)], ++position)
    const stored = async (device: string, type = 'press') =>
      rowsOf(await store.window(type, device, Number.MAX_SAFE_INTEGER, 1_000_000))

    it('is empty at first', async () => {
      expect((await store.latest('fan')).length).toBe(0)
      expect((await store.latest('fan')).channels).toHaveLength(1)
      expect(await store.devices('fan')).toEqual([])
      expect(await store.counts('fan')).toEqual(new Map())
      expect((await store.window('fan', 'nobody', t0, 5)).length).toBe(0)
      expect(await store.trend('fan', 'nobody', 'speed', t0, t0 + 1000, 100)).toEqual([])
      expect(await store.scoreCount()).toBe(0)
      expect(await store.scores('fan', 'nobody', 0, t0)).toEqual([])
    })

    it('gives an empty answer for an asset type or channel that the catalogue does not know', async () => {
      await write([press('stranger', t0, 1)])
      expect((await store.latest('submarine')).length).toBe(0)
      expect((await store.window('submarine', 'stranger', t0, 5)).length).toBe(0)
      expect(await store.devices('submarine')).toEqual([])
      expect(await store.counts('submarine')).toEqual(new Map())
      expect(await store.trend('press', 'stranger', 'depth', t0, t0 + 1000, 100)).toEqual([])
      expect(await store.trend('submarine', 'stranger', 'force', t0, t0 + 1000, 100)).toEqual([])
    })

    it('keeps exact float64 values, receivedAt and site', async () => {
      const numbers = [
        0.1 + 0.2,
        1 / 3,
        -1e-300,
        1.7976931348623157e308,
        5e-324,
        123456789.12345679,
        0,
        -42,
        1e21,
      ]
      const rows = numbers.map((value, i) => press('exact', t0 + i, value, -value, value / 3))
      expect(await write(rows)).toEqual({ stored: numbers.length, duplicates: 0, refused: [] })
      const window = await store.window('press', 'exact', t0 + 100, 100)
      expect(window.channels[0]).toEqual(Float64Array.from(numbers))
      expect([...window.channels[2]!]).toEqual(numbers.map((value) => value / 3))
      expect([...window.receivedAt]).toEqual(rows.map((row) => row.time + 7))
      expect(window.site.every((site) => site === 'hall')).toBe(true)
      expect(window.assetType).toBe('press')
    })

    it('gives the newest rows of a window, oldest first, until inclusive, fewer where there are fewer', async () => {
      await write([0, 1, 2, 3, 4].map((i) => press('window', t0 + i * 1000, i)))
      const forces = async (until: number, rows: number) => {
        const window = await store.window('press', 'window', until, rows)
        expect(window.channels.every((values) => values.length === window.length)).toBe(true)
        return [...window.channels[0]!]
      }
      expect(await forces(t0 + 3000, 2)).toEqual([2, 3])
      expect(await forces(t0 + 2999, 2)).toEqual([1, 2])
      expect(await forces(t0 + 2999.5, 2)).toEqual([1, 2])
      expect(await forces(Number.POSITIVE_INFINITY, 2)).toEqual([3, 4])
      expect(await forces(t0 + 9000, 50)).toEqual([0, 1, 2, 3, 4])
      expect(await forces(t0 - 1, 3)).toEqual([])
      expect(await forces(t0 + 9000, 0)).toEqual([])
    })

    it('finds a window across a pause far longer than the cadence', async () => {
      const times = [0, 1000, 90 * 86_400_000, 90 * 86_400_000 + 1000]
      await write(times.map((time, i) => press('pause', t0 - 100 * 86_400_000 + time, i)))
      const window = await store.window('press', 'pause', t0, 3)
      expect([...window.channels[0]!]).toEqual([1, 2, 3])
    })

    it('gives the windows of many devices at once, each as if it were asked for alone', async () => {
      const day = 86_400_000
      await write([0, 1, 2, 3, 4].map((i) => press('many a', t0 + i * 1000, i)))
      await write([2, 3].map((i) => press("many's b", t0 + i * 1000, 10 + i)))
      await write([0, 1, 90, 91].map((i) => press('many c', t0 - 91 * day + i * day, 20 + i)))
      const wanted = [
        { device: 'many a', until: t0 + 3000.5 },
        { device: 'many c', until: t0 },
        { device: 'nobody', until: t0 },
        { device: "many's b", until: Number.POSITIVE_INFINITY },
        { device: 'many a later', until: t0 },
      ]
      const found = await store.windows('press', wanted, 3)
      expect(found.channels.every((values) => values.length === found.length)).toBe(true)
      for (const { device, until } of wanted) {
        const alone = rowsOf(await store.window('press', device, until, 3))
        expect(rowsOf(found).filter((row) => row.device === device)).toEqual(alone)
      }
      expect(rowsOf(found).map((row) => row.values[0])).toHaveLength(3 + 3 + 2)
    })

    it('gives windows up to each device’s own time, although others are wanted up to a later one', async () => {
      const times = Array.from({ length: 20 }, (_, i) => t0 + i * 1000)
      await write(times.flatMap((time, i) => [press('early', time, i), press('late', time, 100 + i)]))
      const wanted = [
        { device: 'early', until: times[4]! },
        { device: 'late', until: times[19]! },
      ]
      const found = rowsOf(await store.windows('press', wanted, 4))
      const forces = (device: string) => found.filter((r) => r.device === device).map((r) => r.values[0])
      expect(forces('early')).toEqual([1, 2, 3, 4])
      expect(forces('late')).toEqual([116, 117, 118, 119])
    })

    it('gives no windows where none are wanted', async () => {
      const none = [
        await store.windows('press', [], 5),
        await store.windows('press', [{ device: 'window', until: t0 + 9000 }], 0),
        await store.windows('submarine', [{ device: 'window', until: t0 }], 5),
      ]
      expect(none.map(({ length }) => length)).toEqual([0, 0, 0])
    })

    it('gives min, max, mean and count per aligned bucket and leaves empty ones out', async () => {
      const start = Math.ceil(t0 / 60_000) * 60_000
      const values = [1, 2, 6, 10, 20]
      const offsets = [0, 1000, 59_999, 60_000, 200_000]
      await write(values.map((value, i) => press('trend', start + offsets[i]!, value)))
      const trend = await store.trend('press', 'trend', 'force', start, start + 200_001, 60_000)
      expect(trend).toEqual([
        { time: start, count: 3, min: 1, max: 6, mean: 3 },
        { time: start + 60_000, count: 1, min: 10, max: 10, mean: 10 },
        { time: start + 180_000, count: 1, min: 20, max: 20, mean: 20 },
      ])
      const cut = await store.trend('press', 'trend', 'force', start + 1000, start + 200_000, 60_000)
      expect(cut.map(({ time, count }) => [time, count])).toEqual([
        [start, 2],
        [start + 60_000, 1],
      ])
    })

    it('leaves a missing value out of rows and trends', async () => {
      const none = Number.NaN
      await write([
        press('gaps', t0, none, 5, none),
        press('gaps', t0 + 1, 7, none, none),
        press('gaps', t0 + 2, 9),
      ])
      expect(await stored('gaps')).toEqual([
        press('gaps', t0, none, 5, none),
        press('gaps', t0 + 1, 7, none, none),
        press('gaps', t0 + 2, 9),
      ])
      const [bucket] = await store.trend('press', 'gaps', 'force', t0 - 1000, t0 + 1000, 86_400_000)
      expect(bucket).toMatchObject({ count: 2, min: 7, max: 9, mean: 8 })
      expect((await store.counts('press')).get('gaps')).toBe(3)
    })

    it('counts the same slice again as duplicates and changes nothing', async () => {
      const rows = [press('twice', t0, 1), press('twice', t0 + 1000, 2), press('twice-too', t0, 3)]
      expect(await write(rows)).toEqual({ stored: 3, duplicates: 0, refused: [] })
      expect(await write(rows)).toEqual({ stored: 0, duplicates: 3, refused: [] })
      expect(await stored('twice')).toEqual(rows.slice(0, 2))
      const counts = await store.counts('press')
      expect([counts.get('twice'), counts.get('twice-too')]).toEqual([2, 1])
    })

    it('lets the last write win as a whole, in another slice, in the same slice, in the same batch', async () => {
      const none = Number.NaN
      await write([press('wins', t0, 1), press('wins', t0 + 1000, 2), press('wins', t0 + 2000, 3)])
      const again = await store.write(
        [
          batchOfRows('press', [
            press('wins', t0 + 1000, 20, none, none),
            press('wins', t0 + 3000, 4),
            press('wins', t0 + 3000, 40, 5, none),
            press('wins', t0 + 3000, 400, none, 6),
          ]),
          batchOfRows('press', [press('wins', t0 + 2000, 30), press('wins', t0 + 2000, 31)]),
        ],
        ++position,
      )
      expect(again).toEqual({ stored: 1, duplicates: 5, refused: [] })
      expect(await stored('wins')).toEqual([
        press('wins', t0, 1),
        press('wins', t0 + 1000, 20, none, none),
        press('wins', t0 + 2000, 31),
        press('wins', t0 + 3000, 400, none, 6),
      ])
      expect((await store.counts('press')).get('wins')).toBe(4)
    })

    it('stores late and out-of-order readings', async () => {
      const times = [5, 3, 9, 1, 7, 3, 11]
      const first = await write(times.map((i) => press('order', t0 + i * 1000, i)))
      expect(first).toEqual({ stored: 6, duplicates: 1, refused: [] })
      expect(await write([press('order', t0 + 2000, 2), press('order', t0 - 1e9, -1)])).toMatchObject({
        stored: 2,
      })
      expect((await stored('order')).map((row) => row.values[0])).toEqual([-1, 1, 2, 3, 5, 7, 9, 11])
      const latest = rowsOf(await store.latest('press')).find((row) => row.device === 'order')
      expect(latest).toEqual(press('order', t0 + 11_000, 11))
    })

    it('rounds times to whole milliseconds', async () => {
      expect(await write([press('round', t0 + 0.4, 1), press('round', t0 + 0.6, 2)])).toMatchObject({
        stored: 2,
      })
      expect(await write([press('round', t0 + 1.2, 3)])).toMatchObject({ stored: 0, duplicates: 1 })
      expect((await stored('round')).map((row) => [row.time, row.values[0]])).toEqual([
        [t0, 1],
        [t0 + 1, 3],
      ])
    })

    it('takes names with odd characters', async () => {
      const names = ["o'brien", 'a:b.c-d_e', 'comma,equals=', 'quote"$1', '%41', 'größe-泵', '-- ;', '*']
      await write(names.map((device, i) => ({ ...press(device, t0, i), site: `site ${device}` })))
      for (const [i, device] of names.entries()) {
        expect((await stored(device)).map((row) => row.values[0])).toEqual([i])
        expect(await store.trend('press', device, 'force', t0, t0 + 1, 1)).toMatchObject([
          { time: t0, max: i },
        ])
        expect(await store.devices('press')).toContainEqual({ device, site: `site ${device}` })
        expect((await store.counts('press')).get(device)).toBe(1)
      }
    })

    it('takes channels and asset types whose names are keywords of query languages', async () => {
      await write([{ device: 'g', time: t0, values: [4] }], 'group')
      expect(await stored('g', 'group')).toEqual([{ device: 'g', time: t0, values: [4] }])
      expect(await store.trend('group', 'g', 'limit', t0, t0 + 1, 1)).toHaveLength(1)
      expect(await store.trend('press', 'twice', 'select', t0, t0 + 1, 1)).toHaveLength(1)
    })

    it('refuses single readings and stores the rest of their batch', async () => {
      const none = Number.NaN
      const result = await write([
        press('mixed', t0, 1),
        press('mixed', none, 2),
        press('mixed', 1e300, 3),
        press('mixed', t0 + 1000, none, none, none),
        press('', t0, 4),
        press('mixed', t0 + 2000, Number.POSITIVE_INFINITY, 5),
      ])
      expect(result.stored).toBe(2)
      expect(result.duplicates).toBe(0)
      expect(result.refused.map(({ reading }) => reading.values[0])).toEqual([2, 3, none, 4])
      for (const { detail } of result.refused) expect(detail).toMatch(/time|no value|no name/)
      expect(await stored('mixed')).toEqual([press('mixed', t0, 1), press('mixed', t0 + 2000, none, 5)])
    })

    it('refuses readings of an unknown asset type and stores the other batches', async () => {
      const strange = batchOfRows('submarine', [{ device: 's', time: t0, values: [1] }])
      const fine = batchOfRows('fan', [{ device: 'fan-1', time: t0, values: [1] }])
      const result = await store.write([strange, fine], ++position)
      expect(result.stored).toBe(1)
      expect(result.refused).toHaveLength(1)
      expect(result.refused[0]!.detail).toContain('submarine')
      expect(result.refused[0]!.reading).toMatchObject({ device: 's', site: 'hall', time: t0 })
    })

    it('gives the newest reading of every device, and the devices with their sites', async () => {
      const fan = (device: string, time: number, speed: number, site: string) => ({
        device,
        time,
        values: [speed],
        site,
      })
      await write(
        [fan('fan-1', t0 + 5, 2, 'hall'), fan('fan-2', t0, 3, 'roof'), fan('fan-2', t0 + 9, 4, 'roof')],
        'fan',
      )
      const latest = await store.latest('fan')
      expect(rowsOf(latest).sort((a, b) => a.device.localeCompare(b.device))).toEqual([
        { device: 'fan-1', time: t0 + 5, values: [2] },
        { device: 'fan-2', time: t0 + 9, values: [4] },
      ])
      const devices = await store.devices('fan')
      expect(devices.sort((a, b) => a.device.localeCompare(b.device))).toEqual([
        { device: 'fan-1', site: 'hall' },
        { device: 'fan-2', site: 'roof' },
      ])
      expect(await store.counts('fan')).toEqual(
        new Map([
          ['fan-1', 2],
          ['fan-2', 2],
        ]),
      )
    })

    it('takes a device that two asset types know, each for itself', async () => {
      await write([press('both', t0, 1)])
      await write([{ device: 'both', time: t0, values: [9] }], 'fan')
      expect(await stored('both')).toEqual([press('both', t0, 1)])
      expect(await stored('both', 'fan')).toEqual([{ device: 'both', time: t0, values: [9] }])
    })

    it('takes 50,000 readings at once, and their repetition', async () => {
      const rows = Array.from({ length: 50_000 }, (_, i) => press(`bulk-${i % 100}`, t0 + i * 10, i))
      expect(await write(rows)).toEqual({ stored: 50_000, duplicates: 0, refused: [] })
      const again = rows.slice(20_000).map((row) => ({ ...row, values: [-row.values[0]!, 1, 2] }))
      expect(await write(again)).toEqual({ stored: 0, duplicates: 30_000, refused: [] })
      const counts = await store.counts('press')
      const bulk = [...counts].filter(([device]) => device.startsWith('bulk-'))
      expect(bulk).toHaveLength(100)
      expect(bulk.every(([, count]) => count === 500)).toBe(true)
      const [one] = await store.trend('press', 'bulk-7', 'force', t0, t0 + 600_000, 86_400_000)
      const expected = rows.filter((row) => row.device === 'bulk-7').map((row) => row.values[0]!)
      const values = expected.map((value) => (value < 20_000 ? value : -value))
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      expect(one).toMatchObject({ count: 500, min: Math.min(...values), max: Math.max(...values) })
      expect(one!.mean).toBeCloseTo(mean, 6)
    })

    it('remembers its position where it keeps one, and skips what it has by number', async () => {
      const rows = [press('cursor', t0, 1)]
      await write(rows)
      expect(await store.cursor()).toBe(ownCursor ? position : undefined)
      const result = await store.write([batchOfRows('press', rows)], position)
      expect(result).toEqual({ stored: 0, duplicates: ownCursor ? 0 : 1, refused: [] })
      expect(await store.cursor()).toBe(ownCursor ? position : undefined)
      expect((await store.counts('press')).get('cursor')).toBe(1)
    })

    it('moves its position with an empty slice, too', async () => {
      await store.write([], ++position)
      expect(await store.cursor()).toBe(ownCursor ? position : undefined)
    })

    it('keeps its totals in step with what a query counts, where it keeps them', async () => {
      const totals = await store.totals()
      if (!ownCursor) return expect(totals).toBeUndefined()
      let sum = 0
      for (const type of suiteCatalogue.keys()) for (const n of (await store.counts(type)).values()) sum += n
      expect(totals!.stored).toBe(sum)
      expect(totals!.duplicates).toBeGreaterThan(30_000)
      expect(totals!.refused).toBe(5)
    })

    scoreStoreContract(() => store)

    it('does whatever the plain model does, for any slices', async () => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(fc.array(sliceOfRows, { minLength: 1, maxLength: 6 }), async (slices) => {
          run++
          const model = createMemoryStore(suiteCatalogue)
          const named = (row: Row): Row => ({ ...row, device: `model-${run}-${row.device}` })
          for (const batches of slices) {
            const slice = batches.map((rows) => batchOfRows('press', rows.map(named)))
            expect(await store.write(slice, ++position)).toEqual(await model.write(slice, position))
          }
          for (const { device } of await model.devices('press')) {
            for (const until of [t0 + 7, t0 + 1000]) {
              const expected = await model.window('press', device, until, 4)
              expect(await store.window('press', device, until, 4)).toEqual(expected)
            }
            const expected = await model.trend('press', device, 'force', t0 + 2, t0 + 17, 5)
            expect(await store.trend('press', device, 'force', t0 + 2, t0 + 17, 5)).toEqual(expected)
          }
        }),
        { numRuns: 25 },
      )
    })

    it('answers reads while it writes', async () => {
      const rows = Array.from({ length: 5000 }, (_, i) => press(`busy-${i % 10}`, t0 + i * 10, i))
      const writing = write(rows)
      const reads = await Promise.all(
        Array.from({ length: 8 }, () => store.window('press', 'window', t0 + 9000, 2)),
      )
      for (const window of reads) expect([...window.channels[0]!]).toEqual([3, 4])
      expect(await writing).toMatchObject({ stored: 5000 })
    })

    if (!durable) return

    it('has everything after it was closed and opened again, and knows late readings as late', async () => {
      const before = {
        counts: await store.counts('press'),
        exact: await stored('exact'),
        scores: await store.scoreCount(),
      }
      await store.close()
      store = await place.open()
      expect(await store.counts('press')).toEqual(before.counts)
      expect(await stored('exact')).toEqual(before.exact)
      expect(await store.scoreCount()).toBe(before.scores)
      expect(await store.cursor()).toBe(ownCursor ? position : undefined)
      const again = await write([
        press('twice', t0, 1),
        press('twice', t0 + 500, 5),
        press('twice', t0 + 9000, 9),
      ])
      expect(again).toEqual({ stored: 2, duplicates: 1, refused: [] })
      await store.writeScores([score('thin', t0)])
      expect(await store.scoreCount()).toBe(before.scores)
    })

    it('takes a catalogue that gained a channel and lost another', async () => {
      await store.close()
      const changed = new Map([
        ...suiteCatalogue,
        ['press', assetType('press', ['select', 'noise', 'force'])],
      ])
      store = await place.open(changed)
      expect((await stored('window')).map((row) => row.values)).toEqual(
        [0, 1, 2, 3, 4].map((force) => [2, Number.NaN, force]),
      )
      await write([{ device: 'window', time: t0 + 5000, values: [8, 9, 10] }])
      expect((await stored('window')).at(-1)!.values).toEqual([8, 9, 10])
      expect(await store.trend('press', 'window', 'noise', t0, t0 + 10_000, 86_400_000)).toMatchObject([
        { count: 1, max: 9 },
      ])
    })
  })
}
