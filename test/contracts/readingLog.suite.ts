import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import { ManualClock } from '../../core/clock.ts'
import type { DeadLetter, Reading, ReadingBatch } from '../../core/reading.ts'
import type { OpenLog } from '../../ingest/log/log.ts'

export interface LogUnderTest {
  readonly maxBytes: number
  readonly catalogue: Catalogue
  readonly consumers: readonly string[]
  readonly clock: ManualClock
}

export interface LogHarness {
  /** Opens the log, in the same place each time within one test. */
  open(options: LogUnderTest): Promise<OpenLog>
  /** Whether what was appended survives `close` and `open`. */
  readonly durable: boolean
  cleanUp(): Promise<void>
}

const assetType = (name: string, channels: string[]) =>
  parseAssetType(
    {
      name,
      label: name,
      window: { by: 'steps', length: 4, minimum: 2 },
      cadenceMs: 1000,
      usage: { unit: 'h', perSlot: 1, perDay: 24 },
      rulCap: 10,
      horizon: 5,
      channels: channels.map((channel) => ({
        name: channel,
        label: channel,
        unit: '1',
        plausible: [0, 1e9],
      })),
      failureModes: [],
    },
    `${name}.yaml`,
  )

export const catalogue: Catalogue = new Map([
  ['fan', assetType('fan', ['speed', 'noise'])],
  ['valve', assetType('valve', ['position'])],
])

const consumers = ['store', 'scorer']

export const reading = (device: string, time: number, ...values: number[]): Reading => ({
  device,
  site: 'plant',
  assetType: values.length === 2 ? 'fan' : 'valve',
  time,
  receivedAt: 1000 + time,
  publishedAt: Number.NaN,
  seq: time,
  values: Float64Array.from(values),
})

export const letter = (id: string, over: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  at: 5,
  reason: 'not_json',
  detail: 'why',
  topic: 'forewarn/plant/fan/f1/telemetry',
  payload: Uint8Array.of(0, 255, 128),
  readings: 1,
  ...over,
})

/** Rows of a batch as plain objects, for comparison. */
const rows = (batch: ReadingBatch) =>
  Array.from({ length: batch.length }, (_, i) => ({
    device: batch.device[i],
    site: batch.site[i],
    time: batch.time[i],
    receivedAt: batch.receivedAt[i],
    publishedAt: batch.publishedAt[i],
    seq: batch.seq[i],
    values: batch.channels.map((channel) => channel[i]),
  }))

const row = ({ assetType: _, values, ...rest }: Reading) => ({ ...rest, values: [...values] })

const devicesIn = (log: OpenLog, after = 0) =>
  log.read(after, Infinity)?.batches.flatMap((batch) => [...batch.device]) ?? []

/** What every adapter of the ReadingLog and its dead letters does. */
export function readingLogContract(name: string, makeHarness: () => LogHarness): void {
  describe(`ReadingLog contract: ${name}`, () => {
    const clock = new ManualClock(10_000)
    let harness: LogHarness
    let log: OpenLog
    const open = (over: Partial<LogUnderTest> = {}) =>
      harness.open({ maxBytes: 1e8, catalogue, consumers, clock, ...over })

    beforeEach(async () => {
      harness = makeHarness()
      log = await open()
    })
    afterEach(async () => {
      await log.close()
      await harness.cleanUp()
    })

    it('gives back what was appended, by asset type and in order of arrival', async () => {
      const fans = [reading('f1', 1, 10, 0.5), reading('f2', 2, 20, Number.NaN), reading('f1', 0, 30, 0.7)]
      const valves = [reading('v1', 1, 0.25)]
      await log.append([fans[0]!, valves[0]!, fans[1]!])
      await log.append([fans[2]!])
      const slice = log.read(0, Infinity)!
      expect(slice.position).toBe(log.last())
      const byType = new Map(slice.batches.map((batch) => [batch.assetType, rows(batch)]))
      expect(byType.get('fan')).toEqual(fans.map(row))
      expect(byType.get('valve')).toEqual(valves.map(row))
      expect(slice.batches).toHaveLength(2)
    })

    it('has nothing to read at first and behind the newest position', async () => {
      expect(log.last()).toBe(0)
      expect(log.read(0, Infinity)).toBeUndefined()
      await log.append([reading('f1', 1, 1, 1)])
      expect(log.last()).toBe(1)
      expect(log.read(1, Infinity)).toBeUndefined()
    })

    it('reads in portions that continue at the position of the one before', async () => {
      for (let i = 0; i < 10; i++) await log.append([reading('f1', i, i, i), reading('f2', i, i, i)])
      const times: number[] = []
      let position = 0
      for (let slice = log.read(position, 3); slice; slice = log.read(position, 3)) {
        expect(slice.position).toBeGreaterThan(position)
        position = slice.position
        times.push(...slice.batches[0]!.time)
      }
      expect(times).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9])
    })

    it('keeps the order of concurrent appends', async () => {
      const appends = Array.from({ length: 200 }, (_, i) => log.append([reading('f1', i, i, i)]))
      await Promise.all(appends)
      const times = log.read(0, Infinity)!.batches[0]!.time
      expect([...times]).toEqual(Array.from({ length: 200 }, (_, i) => i))
    })

    it('lets each consumer have a cursor, 0 for a new one', async () => {
      await log.append([reading('f1', 1, 1, 1)])
      expect(log.cursor('store')).toBe(0)
      await log.commit('store', 1)
      expect([log.cursor('store'), log.cursor('scorer')]).toEqual([1, 0])
    })

    it('moves a cursor only forward and never beyond the newest block', async () => {
      await log.append([reading('f1', 1, 1, 1)])
      await log.append([reading('f1', 2, 1, 1)])
      await log.commit('store', 2)
      await log.commit('store', 1)
      await log.commit('scorer', 99)
      expect([log.cursor('store'), log.cursor('scorer')]).toEqual([2, 2])
      await expect(log.commit('stranger', 1)).rejects.toThrow(/stranger/)
    })

    it('continues after the position that a predecessor had reached, so that nobody takes new blocks for old ones', async () => {
      await log.continueAfter(40)
      expect(consumers.map((consumer) => log.cursor(consumer))).toEqual(consumers.map(() => 40))
      await log.append([reading('f1', 1, 1, 1)])
      expect(log.last()).toBe(41)
      expect(devicesIn(log, 40)).toEqual(['f1'])
      expect(Object.values(log.stats().behind)).toEqual(consumers.map(() => 1))
      await log.continueAfter(41)
      await expect(log.continueAfter(42)).rejects.toMatchObject({ code: 'LOG_DAMAGED' })
    })

    it('removes what all consumers have committed, not more', async () => {
      for (let i = 1; i <= 4; i++) await log.append([reading(`f${i}`, i, 1, 1)])
      const full = log.stats().bytes
      await log.commit('store', 3)
      expect(devicesIn(log)).toEqual(['f1', 'f2', 'f3', 'f4'])
      await log.commit('scorer', 2)
      expect(devicesIn(log)).toEqual(['f3', 'f4'])
      expect(log.stats().bytes).toBeLessThan(full)
      await log.commit('scorer', 4)
      await log.commit('store', 4)
      expect(log.read(0, Infinity)).toBeUndefined()
      expect([log.last(), log.stats().bytes]).toEqual([4, 0])
    })

    it('counts the readings behind each consumer and the age of the oldest', async () => {
      expect(log.stats()).toMatchObject({
        behind: { store: 0, scorer: 0 },
        oldestAgeMs: 0,
        ageMs: { store: 0, scorer: 0 },
      })
      await log.append([reading('f1', 1, 1, 1), reading('f2', 2, 1, 1)])
      await log.append([reading('v1', 5, 1)])
      await log.commit('store', 1)
      // the first reading was received at 1001, the clock says 10000
      expect(log.stats()).toMatchObject({
        last: 2,
        behind: { store: 1, scorer: 3 },
        oldestAgeMs: 8999,
        ageMs: { store: 8995, scorer: 8999 },
      })
      await log.commit('scorer', 1)
      expect(log.stats()).toMatchObject({ behind: { store: 1, scorer: 1 }, oldestAgeMs: 8995 })
      expect(log.appended()).toBe(3)
    })

    it('refuses with LOG_FULL at the cap, keeps nothing of that call, and accepts again once trimmed', async () => {
      await log.close()
      await harness.cleanUp()
      harness = makeHarness()
      log = await open({ maxBytes: 40_000 })
      const many = Array.from({ length: 100 }, (_, i) => reading('f1', i, 1, 1))
      let kept = 0
      const fill = async () => {
        for (; kept < 100; kept++) await log.append(many)
      }
      await expect(fill()).rejects.toMatchObject({ code: 'LOG_FULL', next: 'retry' })
      expect(kept).toBeGreaterThan(2)
      expect(log.stats()).toMatchObject({ behind: { store: kept * 100 }, last: kept })
      expect(log.stats().bytes).toBeLessThanOrEqual(40_000)
      await expect(log.append(many, [letter('a')])).rejects.toMatchObject({ code: 'LOG_FULL' })
      expect(await log.deadLetters.list()).toEqual([])
      for (const consumer of consumers) await log.commit(consumer, log.last())
      await log.append(many)
      expect(log.stats().behind).toEqual({ store: 100, scorer: 100 })
    })

    it('lists the devices in order of first appearance, with their places', async () => {
      await log.append([reading('f1', 1, 1, 1), reading('v1', 1, 1)])
      await log.append([reading('f1', 2, 1, 1), { ...reading('f1', 3, 1, 1), site: 'elsewhere' }])
      expect(log.devices()).toEqual([
        { device: 'f1', site: 'plant', assetType: 'fan' },
        { device: 'v1', site: 'plant', assetType: 'valve' },
        { device: 'f1', site: 'elsewhere', assetType: 'fan' },
      ])
      expect(log.read(0, Infinity)!.batches[0]!.site).toEqual(['plant', 'plant', 'elsewhere'])
    })

    it('keeps dead letters with their bytes, newest first, by reason', async () => {
      await log.append([reading('f1', 1, 1, 1)], [letter('a'), letter('b', { reason: 'too_old' })])
      await log.append([], [letter('c', { readings: 0, payload: new Uint8Array() })])
      const listed = await log.deadLetters.list()
      expect(listed.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
      expect({ ...listed[2], payload: [...listed[2]!.payload] }).toEqual({
        ...letter('a'),
        payload: [0, 255, 128],
      })
      expect((await log.deadLetters.list({ reason: 'too_old' })).map(({ id }) => id)).toEqual(['b'])
      expect((await log.deadLetters.list({ limit: 1 })).map(({ id }) => id)).toEqual(['c'])
    })

    it('counts dead letters for ever, also removed ones, and each id once', async () => {
      await log.append([], [letter('a', { readings: 3 }), letter('a')])
      await log.append([], [letter('a'), letter('b', { reason: 'too_large' })])
      await log.deadLetters.remove(['a', 'nobody'])
      expect((await log.deadLetters.list()).map(({ id }) => id)).toEqual(['b'])
      expect(await log.deadLetters.counts()).toEqual({ byReason: { not_json: 1, too_large: 1 }, readings: 4 })
    })

    it('lets the oldest dead letters go beyond a tenth of the cap', async () => {
      await log.close()
      await harness.cleanUp()
      harness = makeHarness()
      log = await open({ maxBytes: 100_000 })
      for (let i = 0; i < 10; i++) await log.append([], [letter(`l${i}`, { payload: new Uint8Array(2000) })])
      const kept = (await log.deadLetters.list()).map(({ id }) => id)
      expect(kept).toEqual(['l9', 'l8', 'l7', 'l6'])
      expect(log.stats().bytes).toBeLessThanOrEqual(10_000)
      expect(await log.deadLetters.counts()).toEqual({ byReason: { not_json: 10 }, readings: 10 })
    })

    it('resolves an append of nothing', async () => {
      await log.append([])
      await log.append([], [])
      expect(log.last()).toBe(0)
    })

    it('comes back as it was after a restart, or empty where it is not durable', async () => {
      await log.append([reading('f1', 1, 1, 1), reading('f2', 2, 1, 1)], [letter('a')])
      await log.append([reading('f1', 3, 1, 1)])
      await log.append([reading('v1', 4, 1)])
      await log.commit('store', 2)
      await log.commit('scorer', 1)
      const before = { ...facts(log), dead: await log.deadLetters.counts() }
      await log.close()
      log = await open()
      if (harness.durable) {
        expect({ ...facts(log), dead: await log.deadLetters.counts() }).toEqual(before)
        expect((await log.deadLetters.list()).map(({ id }) => id)).toEqual(['a'])
        expect(log.read(1, Infinity)!.batches.flatMap((b) => [...b.device])).toEqual(['f1', 'v1'])
        await log.append([reading('f9', 9, 1, 1)])
        expect(log.last()).toBe(4)
        expect(log.devices().map(({ device }) => device)).toEqual(['f1', 'f2', 'v1', 'f9'])
        await log.append([], [letter('a')])
        expect((await log.deadLetters.counts()).byReason).toEqual({ not_json: 1 })
      } else {
        expect(facts(log)).toMatchObject({ devices: [], appended: 0, stats: { last: 0 } })
      }
    })
  })
}

const facts = (log: OpenLog) => ({
  stats: log.stats(),
  cursors: consumers.map((c) => log.cursor(c)),
  devices: log.devices(),
  appended: log.appended(),
})
