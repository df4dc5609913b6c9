import { parseRedisUrl } from '../../alerts/redis/address.ts'
import { createClient } from '../../alerts/redis/client.ts'
import { systemClock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { ReadingSource } from '../../core/ports.ts'
import { createReceiver } from '../../ingest/handoff/receiver.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { createLogSource } from '../../ingest/log/logSource.ts'
import type { ScorerStart } from './scorerProtocol.ts'

/** Opens what the scorer's thread reads; `onProblem` hears of a Redis that is away, and with null that it is back. */
export async function openSource(
  { source, catalogue }: Pick<ScorerStart, 'source' | 'catalogue'>,
  onProblem: (problem: string | null) => void,
): Promise<ReadingSource> {
  if (source.kind === 'log') {
    const reader = openLogReader({ folder: source.folder, catalogue })
    return createLogSource(reader, source.from, systemClock)
  }
  const redis = createClient(parseRedisUrl(source.redis.url), source.redis)
  redis.on('error', (error: Error) => onProblem(messageOf(error)))
  redis.on('ready', () => onProblem(null))
  const { share } = source
  return createReceiver({
    redis,
    share,
    catalogue,
    clock: systemClock,
    onProblem: (error) => onProblem(error === undefined ? null : messageOf(error)),
  })
}
