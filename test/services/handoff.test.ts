import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ReadingSource, SourceSlice } from '../../core/ports.ts'
import { packByPartition } from '../../ingest/handoff/entry.ts'
import { takeLease } from '../../ingest/handoff/lease.ts'
import { partitionOf } from '../../ingest/handoff/partition.ts'
import { createReceiver } from '../../ingest/handoff/receiver.ts'
import { openScoredPositions } from '../../ingest/handoff/scored.ts'
import { type Sender, startSender } from '../../ingest/handoff/sender.ts'
import { LogStreams } from '../../ingest/handoff/streams.ts'
import type { OpenLog } from '../../ingest/log/log.ts'
import { openMemoryLog } from '../../ingest/log/memoryLog.ts'
import { catalogue, reading } from '../contracts/readingLog.suite.ts'
import { readingSourceContract, take } from '../contracts/readingSource.suite.ts'
import { until } from '../support/forewarnProcess.ts'
import { describeService, type Service, startService } from './harness.ts'

const partitions = 3
const silent = { warn: () => {}, info: () => {} }

describeService('redis-server', 'the log by Redis Streams', () => {
  let server: Service
  let commands: Redis
  let log: OpenLog
  let sender: Sender | undefined
  const sources: ReadingSource[] = []
  let clock: Clock

  beforeAll(async () => {
    server = await startService('redis-server')
    commands = new Redis(server.url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 5_000,
      lazyConnect: true,
      retryStrategy: () => 100,
    })
    commands.on('error', () => {})
    await commands.connect()
  })
  afterAll(async () => {
    commands.disconnect()
    await server.close()
  })

  const openLog = () =>
    openMemoryLog({
      maxBytes: 10 ** 8,
      catalogue,
      consumers: ['store', 'scorer'],
      clock: systemClock,
    })
  async function send(changes: { partitions?: number; maxReadings?: number } = {}) {
    const options = { partitions, maxReadings: 100_000, ...changes }
    const streams = new LogStreams(commands, 'line-1', options.partitions)
    await streams.announce()
    sender = startSender({ ...options, streams, catalogue, log, clock, logger: silent })
    return sender
  }
  function receive(share = { which: 1, of: 1 }) {
    const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
    redis.on('error', () => {})
    const source = createReceiver({ redis, share, catalogue, clock })
    sources.push(source)
    return source
  }
  const fill = (from: number, to: number) =>
    log.append(
      Array.from({ length: to - from }, (_, i) => reading(`fan-${(from + i) % 9}`, from + i + 1, i, i)),
    )
  const allScored = () =>
    until(
      async () => log.stats().behind.scorer,
      (n) => n === 0,
      15_000,
    )

  beforeEach(async () => {
    await commands.flushall()
    log = openLog()
    clock = systemClock
  })
  afterEach(async () => {
    await sender?.close()
    sender = undefined
    for (const source of sources.splice(0)) await source.close()
    await log.close()
  })

  readingSourceContract('streams', async () => {
    await send()
    return {
      append: (readings) => log.append(readings),
      open: async () => receive(),
      cleanUp: async () => {},
    }
  })

  it('moves the log’s cursor when everything is scored, not before, and then lets go of the streams', async () => {
    await send()
    const source = receive()
    const scored = await openScoredPositions(commands)
    await fill(0, 500)
    const slices: SourceSlice[] = []
    await take(source, 500, async (slice) => slices.push(slice))
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(log.stats().behind.scorer).toBe(500)
    for (const { position } of slices) await scored.commit(position)
    await allScored()
    const keys = (await commands.keys('{forewarn}:readings:*')).toSorted()
    expect(keys).toHaveLength(partitions)
    // the store has not taken them yet: a score process that starts anew needs them
    expect(await lengths(keys)).not.toEqual([0, 0, 0])
    await log.commit('store', log.last())
    await until(
      () => lengths(keys),
      (n) => n.every((length) => length === 0),
      5_000,
    )
  })
  const lengths = (keys: readonly string[]) => Promise.all(keys.map((key) => commands.xlen(key)))

  it('goes on though the clock is set back, and finds a log that is new since', async () => {
    let aheadMs = 3_600_000
    clock = { ...systemClock, now: () => Date.now() + aheadMs }
    const source = receive()
    // one look at a Redis without any log
    expect(await source.next(1_000)).toBeUndefined()
    const scored = await openScoredPositions(commands)
    await send()
    await fill(0, 100)
    await take(source, 100, ({ position }) => scored.commit(position))
    await allScored()
    aheadMs = 0
    await fill(100, 200)
    await take(source, 100, ({ position }) => scored.commit(position))
    await allScored()
    const late = new LogStreams(commands, 'line-2', partitions)
    await late.announce()
    const parts = packByPartition(log.read(0, 100)!.batches, partitions, catalogue)
    await late.append(1, parts)
    await take(source, 100)
  })

  it('shares the devices between score processes', async () => {
    await send()
    const both = [receive({ which: 1, of: 2 }), receive({ which: 2, of: 2 })] as const
    await fill(0, 90)
    const otherShare = Array.from({ length: 9 }, (_, i) => partitionOf(`fan-${i}`, partitions)).filter(
      (p) => p % 2 === 1,
    ).length
    const first = await take(both[0], 1)
    const seen = await Promise.all([
      take(both[0], 90 - 10 * otherShare - first.length),
      take(both[1], 10 * otherShare),
    ])
    const names = (keys: readonly string[]) => new Set(keys.map((key) => key.split(' ')[0]!))
    const [one, two] = [names([...first, ...seen[0]!]), names(seen[1]!)]
    expect(one.size + two.size).toBe(9)
    expect([...one].filter((device) => two.has(device))).toEqual([])
  })

  it('sends again what a Redis has forgotten, whole or in part, and nothing that it still has', async () => {
    await send()
    const source = receive()
    const scored = await openScoredPositions(commands)
    await fill(0, 100)
    await take(source, 100)
    await source.close()
    await commands.flushall()
    await fill(100, 200)
    const seen = await take(receive(), 200, ({ position }) => scored.commit(position))
    expect(new Set(seen).size).toBe(200)
    await allScored()
  })

  it('tells a Redis again how far it is that has forgotten it', async () => {
    await send()
    const scored = await openScoredPositions(commands)
    await fill(0, 50)
    await take(receive(), 50, ({ position }) => scored.commit(position))
    await allScored()
    await commands.del('{forewarn}:scored')
    await scored.repeat()
    const told = Object.values(await commands.hgetall('{forewarn}:scored'))
    expect(Math.max(...told.map(Number))).toBe(log.last())
    const behindNow = await openScoredPositions(commands)
    const [stream] = Object.keys(await commands.hgetall('{forewarn}:scored'))
    const before = await commands.hget('{forewarn}:scored', stream!)
    await behindNow.commit({ [stream!]: 1 })
    expect(await commands.hget('{forewarn}:scored', stream!)).toBe(before)
  })

  it('starts again where it was: a second sender on the same log repeats nothing', async () => {
    await send()
    await fill(0, 60)
    const source = receive()
    await take(source, 60)
    await sender!.close()
    await send()
    await fill(60, 80)
    const later = await take(source, 20)
    expect(later.map((key) => Number(key.split(' ')[1])).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => 61 + i),
    )
  })

  it('waits while a Redis is away, says so, and goes on by itself', async () => {
    const waiting = await send()
    const source = receive()
    await fill(0, 30)
    await take(source, 30)
    await server.stop('SIGKILL')
    await fill(30, 60)
    await until(
      async () => waiting.stats().problem,
      (problem) => problem !== undefined,
      10_000,
    )
    await server.start()
    expect(await take(source, 30)).toHaveLength(30)
    await until(
      async () => waiting.stats().problem,
      (problem) => problem === undefined,
      10_000,
    )
  })

  it('tells when the source cannot be read, and when it can again, though nothing comes', async () => {
    const redis = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => 100 })
    redis.on('error', () => {})
    const told: unknown[] = []
    const source = createReceiver({
      redis,
      share: { which: 1, of: 1 },
      catalogue,
      clock: systemClock,
      onProblem: (problem) => told.push(problem),
    })
    sources.push(source)
    await source.next(10)
    await server.stop('SIGKILL')
    await until(
      () => source.next(10).then(() => told.length),
      (n) => n > 0,
    )
    await server.start()
    await until(
      () => source.next(10).then(() => told.at(-1)),
      (problem) => problem === undefined,
    )
  })

  it('lets the streams of a full Redis go, so that it has room again', async () => {
    await send()
    const scored = await openScoredPositions(commands)
    await fill(0, 300)
    const positions: SourceSlice['position'][] = []
    await take(receive(), 300, async ({ position }) => positions.push(position))
    for (const position of positions) await scored.commit(position)
    await allScored()
    const keys = await commands.keys('{forewarn}:readings:*')
    await commands.config('SET', 'maxmemory', '1')
    try {
      await expect(commands.set('other', 'x')).rejects.toThrow('OOM')
      await log.commit('store', log.last())
      await until(
        () => lengths(keys),
        (n) => n.every((length) => length === 0),
        10_000,
      )
    } finally {
      await commands.config('SET', 'maxmemory', '0')
    }
  })

  it('leaves in the log what is too much on its way', async () => {
    const full = await send({ maxReadings: 100 })
    await fill(0, 100)
    await fill(100, 5_000)
    await until(
      async () => full.stats().outstanding,
      (n) => n > 0,
    )
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(full.stats().outstanding).toBeLessThan(100 + 2_000 + 5_000)
    const scored = await openScoredPositions(commands)
    await take(receive(), 5_000, ({ position }) => scored.commit(position))
    await allScored()
  })

  it('loses nothing when the number of partitions changes', async () => {
    await send()
    await fill(0, 40)
    await until(
      async () => (await commands.keys('{forewarn}:readings:*')).length,
      (n) => n === partitions,
    )
    await sender!.close()
    await send({ partitions: 5 })
    expect(await take(receive(), 40)).toHaveLength(40)
    expect((await commands.keys('{forewarn}:readings:*')).every((key) => key.endsWith('of5'))).toBe(true)
  })

  describe('the lease of a share', () => {
    const lease = (
      holder: string,
      told: ForewarnError[] = [],
      changes: Partial<Parameters<typeof takeLease>[0]> = {},
    ) =>
      takeLease({
        redis: commands,
        what: 'share:1/2',
        holder,
        agreement: { on: 'shares', value: 'of 2' },
        taken: (other) => new ForewarnError('SHARE_TAKEN', { share: '1/2', holder: other }),
        clock: systemClock,
        signal: new AbortController().signal,
        onWaiting: (error) => told.push(error),
        onLost: (error) => told.push(error),
        ...changes,
      })

    it('is one process’s; the next waits, says for whom, and has it once it is given back', async () => {
      const first = await lease('score-1')
      const told: ForewarnError[] = []
      let got = false
      const second = lease('score-2', told).then((held) => {
        got = true
        return held
      })
      await until(
        async () => told.length,
        (n) => n === 1,
      )
      expect(told[0]).toMatchObject({ code: 'SHARE_TAKEN', details: { share: '1/2', holder: 'score-1' } })
      expect(got).toBe(false)
      await first.release()
      await (await second).release()
    })

    it('goes at once to the same process started again; the earlier one hears that it has lost it', async () => {
      const told: ForewarnError[] = []
      await lease('score-1', told)
      const again = await lease('score-1')
      await until(
        async () => told.length,
        (n) => n === 1,
        10_000,
      )
      expect(told[0]!.code).toBe('SHARE_TAKEN')
      await again.release()
    })

    it('waits while others have cut the devices in another number of shares', async () => {
      const first = await lease('score-1')
      const told: ForewarnError[] = []
      const stop = new AbortController()
      const third = lease('score-3', told, {
        what: 'share:3/3',
        agreement: { on: 'shares', value: 'of 3' },
        signal: stop.signal,
      })
      await until(
        async () => told.length,
        (n) => n === 1,
      )
      expect(told[0]!.message).toContain('of 2')
      stop.abort()
      await expect(third).rejects.toMatchObject({ code: 'SHARE_TAKEN' })
      await first.release()
    })

    it('waits no longer than it is told to', async () => {
      const first = await lease('score-1')
      await expect(lease('score-2', [], { patienceMs: 100 })).rejects.toMatchObject({ code: 'SHARE_TAKEN' })
      await first.release()
    })

    it('outlives a Redis that is away while it is waited for', async () => {
      const first = await lease('score-1')
      const told: ForewarnError[] = []
      const second = lease('score-2', told)
      await until(
        async () => told.length,
        (n) => n === 1,
      )
      await server.stop('SIGKILL')
      await server.start()
      await until(
        async () => commands.status,
        (status) => status === 'ready',
      )
      await first.release()
      await (await second).release()
    })

    it('is taken again by its holder when Redis has forgotten it', async () => {
      const told: ForewarnError[] = []
      const held = await lease('score-1', told)
      await commands.flushall()
      await until(
        () => commands.exists('{forewarn}:lease:share:1/2'),
        (n) => n === 1,
        10_000,
      )
      expect(told).toEqual([])
      await held.release()
      expect(await commands.exists('{forewarn}:lease:share:1/2')).toBe(0)
    })
  })
})
