import type { Redis } from 'ioredis'
import type { DeadLetters } from '../../core/ports.ts'
import type { DeadLetter, DeadLetterReason } from '../../core/reading.ts'
import type { Board } from '../accounts.ts'

export type MirrorRedis = Pick<Redis, 'hset' | 'hvals'>

/** Hash: ingest process > its newest dead letters as JSON. */
const key = '{forewarn}:deadletters'
const newest = 100
/** Of each so much is shown to other processes; the whole stays with the ingest process. */
const shownBytes = 1_024

interface Mirrored extends Omit<DeadLetter, 'payload'> {
  readonly base64: string
}

/** Shows an ingest process's newest dead letters to web processes, whenever there are more than before. */
export function createMirror(
  redis: Pick<MirrorRedis, 'hset'> & { on(event: 'ready', handler: () => void): unknown },
  worker: string,
  letters: DeadLetters,
) {
  let shown = -1
  // it may have forgotten what it was shown
  redis.on('ready', () => {
    shown = -1
  })
  return async (): Promise<void> => {
    const { byReason } = await letters.counts()
    const total = Object.values(byReason).reduce((sum, n) => sum + n, 0)
    if (total === shown) return
    const list = (await letters.list({ limit: newest })).map(mirrored)
    await redis.hset(key, worker, JSON.stringify(list))
    shown = total
  }
}

const mirrored = ({ payload, ...letter }: DeadLetter): Mirrored => ({
  ...letter,
  base64: Buffer.from(payload.subarray(0, shownBytes)).toString('base64'),
})

/** Dead letters as a web process sees them: the newest of every ingest process, counts from the board. */
export function mirroredLetters(
  redis: Pick<MirrorRedis, 'hvals'>,
  board: Board,
): Pick<DeadLetters, 'list' | 'counts'> {
  return {
    async list({ limit = newest, reason } = {}) {
      const lists = (await redis.hvals(key)).map((text) => JSON.parse(text) as Mirrored[])
      return lists
        .flat()
        .filter((letter) => reason === undefined || letter.reason === reason)
        .sort((a, b) => b.at - a.at)
        .slice(0, limit)
        .map(({ base64, ...letter }) => ({ ...letter, payload: Buffer.from(base64, 'base64') }))
    },
    async counts() {
      const byReason: Partial<Record<DeadLetterReason, number>> = {}
      let readings = 0
      for (const { ingest } of await board.all()) {
        if (!ingest) continue
        readings += ingest.deadLetters.readings
        for (const [reason, n] of Object.entries(ingest.deadLetters.byReason))
          byReason[reason as DeadLetterReason] = (byReason[reason as DeadLetterReason] ?? 0) + n
      }
      return { byReason, readings }
    },
  }
}
