import { openDeadLetters } from '../../ingest/log/lmdbDeadLetters.ts'
import type { Findings } from './check.ts'

/** The dead letters in a log's folder. Throws where they are not as many as the log says it has written. */
export async function lettersIn(folder: string): Promise<Findings['letters']> {
  const box = openDeadLetters({ folder })
  try {
    const letters = await box.list({ limit: 1_000_000 })
    const { byReason } = await box.counts()
    const counted = Object.values(byReason).reduce((sum, n) => sum + n, 0)
    if (counted !== letters.length) throw new Error(`${letters.length} dead letters, ${counted} were counted`)
    return letters.map(({ topic, payload }) => ({ topic, payload: Buffer.from(payload).toString('utf8') }))
  } finally {
    await box.close()
  }
}
