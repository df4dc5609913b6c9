import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { TrendRecord } from '../../core/ports.ts'
import { createRecorder } from './recorder.ts'

const record = (time: number): TrendRecord => ({ measurement: 'm', tags: {}, fields: { v: 1 }, time })
const records = (...times: number[]) => times.map(record)
const settled = () => new Promise((done) => setImmediate(done))

/** A store that keeps what it takes, unless told to fail. */
function world(mostWaiting?: number) {
  const clock = new ManualClock(0)
  const kept: number[][] = []
  const logged: string[] = []
  const store: { failure: Error | undefined } = { failure: undefined }
  const log = (_details: object, message: string) => void logged.push(message)
  const recorder = createRecorder({
    records: {
      record: async (batch) => {
        if (store.failure) throw store.failure
        kept.push(batch.map(({ time }) => time))
      },
    },
    clock,
    logger: { info: log, warn: log },
    ...(mostWaiting === undefined ? {} : { mostWaiting }),
  })
  const second = async () => {
    clock.advance(1_000)
    await settled()
  }
  return { recorder, store, kept, logged, second }
}

const away = new ForewarnError('STORE_UNAVAILABLE', { problem: 'gone' })
const refused = new ForewarnError('STORE_REFUSED', { problem: 'beyond retention' })

describe('the recorder', () => {
  it('writes together what comes within a second', async () => {
    const { recorder, kept, second } = world()
    recorder.add(records(1, 2))
    recorder.add(records(3))
    expect(kept).toEqual([])
    await second()
    expect(kept).toEqual([[1, 2, 3]])
    expect(recorder.stats()).toEqual({ waiting: 0, written: 3, dropped: 0 })
  })

  it('tries again with what has gathered while the store was away, and says so once', async () => {
    const { recorder, store, kept, logged, second } = world()
    store.failure = away
    recorder.add(records(1))
    await second()
    recorder.add(records(2))
    await second()
    expect(recorder.stats().waiting).toBe(2)
    store.failure = undefined
    await second()
    expect(kept).toEqual([[1, 2]])
    expect(logged).toEqual(['trends wait for the store', 'trends are recorded again'])
  })

  it('keeps the newest when more waits than it may hold, and counts the rest', async () => {
    const { recorder, store, kept, second } = world(3)
    store.failure = away
    recorder.add(records(1, 2))
    await second()
    recorder.add(records(3, 4, 5))
    await second()
    store.failure = undefined
    await second()
    expect(kept).toEqual([[3, 4, 5]])
    expect(recorder.stats()).toEqual({ waiting: 0, written: 3, dropped: 2 })
  })

  it('gives up what the store refuses for good, and goes on', async () => {
    const { recorder, store, kept, logged, second } = world()
    store.failure = refused
    recorder.add(records(1, 2))
    await second()
    store.failure = undefined
    recorder.add(records(3))
    await second()
    expect(kept).toEqual([[3]])
    expect(recorder.stats()).toEqual({ waiting: 0, written: 1, dropped: 2 })
    expect(logged).toEqual(['the store refused trend records'])
  })

  it('writes what waits when it is closed', async () => {
    const { recorder, kept } = world()
    recorder.add(records(1))
    await recorder.close()
    expect(kept).toEqual([[1]])
  })

  it('names what the store did not take at the end', async () => {
    const { recorder, store, logged } = world()
    store.failure = away
    recorder.add(records(1))
    await recorder.close()
    expect(logged).toEqual(['trends wait for the store', 'trend records that the store did not take'])
  })
})
