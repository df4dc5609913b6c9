import { describe, expect, it } from 'vitest'
import type { PredictionQueue, TicketStore } from '../../core/ports.ts'
import { fresh, until } from './queue.suite.ts'

export interface QueueAndStore {
  readonly queue: PredictionQueue
  readonly store: TicketStore
  close(): Promise<void>
}

const crowd = 200

/** Queue and store together: a prediction that comes often at once opens one ticket. */
export function oneTicketContract(name: string, make: () => Promise<QueueAndStore>): void {
  describe(`one ticket: ${name}`, () => {
    it(`comes of ${crowd} identical predictions at once, and no other of ${crowd} more afterwards`, async () => {
      const { queue, store, close } = await make()
      try {
        const prediction = fresh({ device: `crowded ${name}` })
        const outcomes: string[] = []
        await queue.process(async (given) => void outcomes.push((await store.raise(given)).outcome))
        const idle = async () => {
          const { waiting, active, delayed } = await queue.counts()
          return waiting + active + delayed === 0
        }
        const send = () => Promise.all(Array.from({ length: crowd }, () => queue.add(prediction)))
        // those of processes that crashed before they told: past the queue, which knows a job for a while only
        const raise = () => Promise.all(Array.from({ length: crowd }, () => store.raise(prediction)))
        const [, raised] = await Promise.all([send(), raise()])
        await until('the queue is empty', async () => outcomes.length > 0 && (await idle()))
        await send()
        await until('the queue is empty again', idle)
        outcomes.push(...raised.map(({ outcome }) => outcome))
        expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1)
        expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(outcomes.length - 1)
        const { tickets, total } = await store.page({ devices: [prediction.device] })
        expect(total).toBe(1)
        expect(tickets[0]).toMatchObject({ predictions: 1, version: 1, state: 'open' })
        expect(await store.history(tickets[0]!.id)).toHaveLength(1)
        expect((await queue.counts()).failed).toBe(0)
      } finally {
        await close()
      }
    })
  })
}
