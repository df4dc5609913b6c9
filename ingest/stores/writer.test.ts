import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { LogReader, LogSlice, WriteResult } from '../../core/ports.ts'
import type { Store } from './store.ts'
import { runWriter, type WriterState, type Written } from './writer.ts'

const emptyBatch = (length: number) => ({
  assetType: 'press',
  length,
  device: [],
  site: [],
  time: new Float64Array(0),
  receivedAt: new Float64Array(0),
  publishedAt: new Float64Array(0),
  seq: new Float64Array(0),
  channels: [],
})

/** A log of blocks 1..n of one reading each; remembers what was asked of it. */
function fakeLog(blocks: number) {
  const asked: [after: number, most: number][] = []
  const log = { blocks, asked }
  const reader: LogReader = {
    read(after, most): LogSlice | undefined {
      asked.push([after, most])
      const position = Math.min(log.blocks, after + most)
      return position > after ? { position, batches: [emptyBatch(position - after)] } : undefined
    },
    last: () => log.blocks,
    close: async () => {},
  }
  return Object.assign(log, { reader })
}

const unavailable = () => new ForewarnError('STORE_UNAVAILABLE', { problem: 'refused' })

interface Setup {
  readonly blocks: number
  readonly from?: number
  readonly cursor?: number
  readonly write?: (position: number) => Promise<Partial<WriteResult>>
  readonly report?: (written: Written) => Promise<void>
}

function start({ blocks, from = 0, cursor, write = async () => ({}), report = async () => {} }: Setup) {
  const clock = new ManualClock(0)
  const log = fakeLog(blocks)
  const stop = new AbortController()
  const states: WriterState[] = []
  const written: number[] = []
  const store = {
    cursor: async () => cursor,
    write: async (_: unknown, position: number) => {
      const result = await write(position)
      written.push(position)
      return { stored: 0, duplicates: 0, refused: [], ...result }
    },
  } as unknown as Store
  const done = runWriter({
    store,
    reader: log.reader,
    clock,
    from,
    report,
    onState: (state) => states.push(state),
    signal: stop.signal,
  })
  /** Lets everything run that does not wait for the clock. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 5) {
      clock.advance(5)
      await settle()
    }
  }
  const end = async () => {
    stop.abort()
    await done
  }
  return { log, states, written, settle, pass, end }
}

describe('writer loop', () => {
  it('starts after the given position where the store keeps none', async () => {
    const run = start({ blocks: 9, from: 5 })
    await run.settle()
    expect(run.log.asked[0]![0]).toBe(5)
    expect(run.written).toEqual([9])
    await run.end()
  })

  it('passes block by block over what the store has and the log does not know of, then goes on in large slices', async () => {
    const run = start({ blocks: 9, from: 2, cursor: 4 })
    await run.settle()
    expect(run.written).toEqual([3, 4, 9])
    expect(run.log.asked.slice(0, 2)).toEqual([
      [2, 1],
      [3, 1],
    ])
    await run.end()
  })

  it('begins again at the start of the log where the store was lost', async () => {
    const run = start({ blocks: 9, from: 7, cursor: 0 })
    await run.settle()
    expect(run.log.asked[0]![0]).toBe(0)
    await run.end()
  })

  it('picks up what comes later', async () => {
    const run = start({ blocks: 0 })
    await run.settle()
    run.log.blocks = 3
    await run.pass(50)
    run.log.blocks = 4
    await run.pass(100)
    expect(run.written).toEqual([3, 4])
    await run.end()
  })

  it('gathers for a moment what trickles in, and does not wait while it lags behind', async () => {
    const run = start({ blocks: 40_000 })
    await run.settle()
    expect(run.written).toEqual([16_384, 32_768, 40_000])
    for (let block = 40_001; block <= 40_009; block++) {
      run.log.blocks = block
      await run.pass(10)
    }
    expect(run.written).toHaveLength(3)
    await run.pass(20)
    expect(run.written.slice(3)).toEqual([40_009])
    await run.end()
  })

  it('does not wait between the blocks that it passes over after a crash', async () => {
    const run = start({ blocks: 50, from: 0, cursor: 50 })
    await run.settle()
    expect(run.written).toHaveLength(50)
    await run.end()
  })

  it('tries one slice until the store has it, ever more slowly, and says so', async () => {
    let failures = 0
    const attempts: number[] = []
    const run = start({
      blocks: 3,
      write: async (position) => {
        attempts.push(position)
        if (failures++ < 5) throw unavailable()
        return {}
      },
    })
    await run.pass(1500 - 5)
    expect(attempts).toHaveLength(4)
    expect(run.states).toEqual(['retrying', 'retrying', 'retrying', 'retrying'])
    await run.pass(1700)
    expect(run.written).toEqual([3])
    expect(new Set(attempts)).toEqual(new Set([3]))
    expect(run.states.at(-1)).toBe('ok')
    await run.end()
  })

  it('waits ten seconds at the most', async () => {
    const attempts = vi.fn(async () => {
      throw unavailable()
    })
    const run = start({ blocks: 1, write: attempts })
    await run.pass(20_000)
    const sofar = attempts.mock.calls.length
    await run.pass(10_000)
    expect(attempts.mock.calls.length).toBe(sofar + 1)
    await run.end()
  })

  it('waits as long as the store asks to, shorter or longer than it would by itself', async () => {
    const asked = [40_000, 1, undefined]
    const attempts = vi.fn(async () => {
      const retryAfterMs = asked.shift()
      throw new ForewarnError('STORE_UNAVAILABLE', { problem: 'busy', retryAfterMs })
    })
    const run = start({ blocks: 1, write: attempts })
    await run.pass(39_990)
    expect(attempts).toHaveBeenCalledTimes(1)
    await run.pass(20)
    expect(attempts).toHaveBeenCalledTimes(2)
    // Never at once, whatever it says; and without a word by our own, grown meanwhile.
    await run.pass(110)
    expect(attempts).toHaveBeenCalledTimes(3)
    await run.pass(370)
    expect(attempts).toHaveBeenCalledTimes(3)
    await run.pass(20)
    expect(attempts).toHaveBeenCalledTimes(4)
    await run.end()
  })

  it('says stopped for what needs a person, and still goes on once it is mended', async () => {
    let mended = false
    const run = start({
      blocks: 1,
      write: async () => {
        if (!mended) throw new ForewarnError('STORE_MISCONFIGURED', { problem: 'wrong password' })
        return {}
      },
    })
    await run.settle()
    expect(run.states).toEqual(['stopped'])
    mended = true
    await run.pass(10_000)
    expect(run.written).toEqual([1])
    expect(run.states).toEqual(['stopped', 'ok'])
    await run.end()
  })

  it('does not run far ahead of unanswered reports', async () => {
    const answers: (() => void)[] = []
    const run = start({ blocks: 0, report: () => new Promise((resolve) => answers.push(resolve)) })
    for (let block = 1; block <= 10; block++) {
      run.log.blocks = block
      await run.pass(120)
    }
    expect(run.written).toEqual([1, 2, 3, 4])
    answers[0]!()
    await run.pass(120)
    expect(run.written).toEqual([1, 2, 3, 4, 10])
    await run.end()
  })

  it('ends while it waits for a store that is away', async () => {
    const run = start({
      blocks: 1,
      write: async () => {
        throw unavailable()
      },
    })
    await run.settle()
    await run.end()
    expect(run.written).toEqual([])
  })
})
