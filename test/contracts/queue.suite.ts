import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { predictionOf } from './ticketsPredictions.ts'

/** Short waits, so that back-off can be watched. */
export const queueSettings = { attempts: 3, backoffMs: 200, caFile: '', sentinelPassword: '' }

/** Waits until `check` holds; fails with `what` after `patienceMs`. */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  patienceMs = 10_000,
): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let devices = 0
/** A prediction of its own for every test: they may share one backend. */
export const fresh = (changes: Partial<Prediction> = {}) =>
  predictionOf({ device: `pump-${++devices}`, ...changes })

const idle = { waiting: 0, active: 0, delayed: 0, failed: 0 }

export interface QueueUnderTest {
  readonly queue: PredictionQueue
  /** Empties the backend. */
  clear(): Promise<void>
}

/** What every prediction queue must do; `make` is called for every test and returns an empty queue. */
export function queueContract(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`prediction queue: ${name}`, () => {
    let test: QueueUnderTest
    let queue: PredictionQueue
    beforeEach(async () => {
      test = await make()
      queue = test.queue
    })
    afterEach(async () => {
      await queue.close()
      await test.clear()
    })

    it('hands over what was added, unharmed, before and after handling has started', async () => {
      const [early, late] = [fresh(), fresh({ publishedAt: null, mode: "o'ring \u{1F527} \\ %" })]
      const handled: Prediction[] = []
      await queue.add(early)
      expect(await queue.counts()).toEqual({ ...idle, waiting: 1 })
      await queue.process(async (prediction) => void handled.push(prediction))
      await until('the early one is handled', () => handled.length === 1)
      await queue.add(late)
      await until('the late one is handled', () => handled.length === 2)
      expect(handled).toEqual([early, late])
      await until(
        'nothing is left',
        async () => JSON.stringify(await queue.counts()) === JSON.stringify(idle),
      )
    })

    it('carries the evidence to the last bit', async () => {
      const prediction = fresh()
      const handled: Prediction[] = []
      await queue.process(async (got) => void handled.push(got))
      await queue.add(prediction)
      await until('it is handled', () => handled.length === 1)
      const bytes = (p: Prediction) => Buffer.from(p.evidence.window, 'base64')
      expect(bytes(handled[0]!).equals(bytes(prediction))).toBe(true)
    })

    it.each(['plain', 'with:many:colons:in', 'a:b', '12345', 'späß / ? #%20 {x}'])(
      'takes the prediction id %s',
      async (id) => {
        const handled: string[] = []
        await queue.add(fresh({ id }))
        await queue.process(async (prediction) => void handled.push(prediction.id))
        await until('it is handled', () => handled.length === 1)
        expect(handled).toEqual([id])
      },
    )

    it('wakes a handler that has been waiting', async () => {
      const handled: string[] = []
      await queue.process(async ({ id }) => void handled.push(id))
      await new Promise((resolve) => setTimeout(resolve, 300))
      const added = Date.now()
      await queue.add(fresh())
      await until('it is handled', () => handled.length === 1)
      expect(Date.now() - added).toBeLessThan(2000)
    })

    it('knows a prediction that still waits', async () => {
      const prediction = fresh()
      await Promise.all(Array.from({ length: 20 }, () => queue.add(prediction)))
      expect(await queue.counts()).toEqual({ ...idle, waiting: 1 })
    })

    it('tries again after waits that double, then keeps what failed, with its error', async () => {
      const prediction = fresh()
      const tries: number[] = []
      await queue.process(async () => {
        tries.push(Date.now())
        throw new Error(`no database, try ${tries.length}`)
      })
      await queue.add(prediction)
      await until('it waits for another try', async () => (await queue.counts()).delayed === 1)
      await until('it has failed', async () => (await queue.counts()).failed === 1)
      expect(await queue.failed()).toEqual([
        { id: prediction.id, prediction, attempts: 3, error: 'no database, try 3' },
      ])
      const [first, second, third] = tries as [number, number, number]
      expect(second - first).toBeGreaterThanOrEqual(queueSettings.backoffMs - 10)
      expect(third - second).toBeGreaterThanOrEqual(2 * queueSettings.backoffMs - 10)
    })

    it('goes on to success when a try succeeds', async () => {
      let tries = 0
      await queue.process(async () => {
        if (++tries < 3) throw new Error('not yet')
      })
      await queue.add(fresh())
      await until('the third try is done', () => tries === 3)
      await until(
        'nothing is left',
        async () => JSON.stringify(await queue.counts()) === JSON.stringify(idle),
      )
      expect(await queue.failed()).toEqual([])
    })

    it('is not held up by one that fails', async () => {
      const [bad, good] = [fresh(), fresh()]
      const handled: string[] = []
      await queue.process(async ({ id }) => {
        if (id === bad.id) throw new Error('always')
        handled.push(id)
      })
      await queue.add(bad)
      await queue.add(good)
      await until('the good one is handled', () => handled.length === 1)
      expect(handled).toEqual([good.id])
    })

    it('retries a failed one on demand, with all its tries again', async () => {
      const prediction = fresh()
      let healthy = false
      let tries = 0
      await queue.process(async () => {
        tries++
        if (!healthy) throw new Error('broken')
      })
      await queue.add(prediction)
      await until('it has failed', async () => (await queue.counts()).failed === 1)
      await queue.retry(prediction.id)
      await until('it has failed again', async () => tries === 6 && (await queue.counts()).failed === 1)
      healthy = true
      await queue.retry(prediction.id)
      await until(
        'nothing is left',
        async () => JSON.stringify(await queue.counts()) === JSON.stringify(idle),
      )
      expect(tries).toBe(7)
    })

    it('says when there is nothing to retry', async () => {
      await queue.add(fresh({ id: 'waits' }))
      for (const id of ['waits', 'never-seen']) {
        await expect(queue.retry(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
    })

    it('lists at most as many failed ones as asked for', async () => {
      await queue.process(async () => {
        throw new Error('broken')
      })
      await Promise.all([queue.add(fresh()), queue.add(fresh()), queue.add(fresh())])
      await until('all have failed', async () => (await queue.counts()).failed === 3)
      expect(await queue.failed(2)).toHaveLength(2)
      expect(await queue.failed()).toHaveLength(3)
    })

    it('handles every one of 200 that come at once exactly once', async () => {
      const handled: string[] = []
      await queue.process(async ({ id }) => void handled.push(id))
      const many = Array.from({ length: 200 }, () => fresh())
      await Promise.all(many.map((prediction) => queue.add(prediction)))
      await until('all are handled', () => handled.length >= 200)
      expect(handled.toSorted()).toEqual(many.map((prediction) => prediction.id).toSorted())
    })

    it('closes after what is being handled has ended, and keeps the rest', async () => {
      let ended = false
      let started = false
      await queue.process(async () => {
        started = true
        await new Promise((resolve) => setTimeout(resolve, 300))
        ended = true
      })
      await queue.add(fresh())
      await until('it has started', () => started)
      await queue.close()
      expect(ended).toBe(true)
    })

    it('takes one handler', async () => {
      await queue.process(async () => undefined)
      await expect(queue.process(async () => undefined)).rejects.toThrow('handler already')
    })
  })
}
