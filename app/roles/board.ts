import type { Board, IngestAccount, ProcessAccount, ScoreAccount } from '../accounts.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import type { Link } from '../link.ts'
import { createRedisBoard } from '../live/redisBoard.ts'

export interface BoardParts {
  readonly link: Link | undefined
  readonly ingest: (() => Promise<IngestAccount>) | undefined
  readonly score: (() => ScoreAccount) | undefined
}

/** What this process counts, and what the others do. */
export interface OpenBoard extends Board {
  own(): Promise<ProcessAccount>
}

/** Shows this process's account to the others, and theirs to it; alone it is the whole board. */
export async function openBoard(around: Around, { link, ingest, score }: BoardParts): Promise<OpenBoard> {
  const { config, clock, startedAt, closers, logger } = around
  const { name: worker, roles } = config.worker
  const own = async (): Promise<ProcessAccount> => ({
    worker,
    roles,
    startedAt,
    ingest: (await ingest?.()) ?? null,
    score: score?.() ?? null,
  })
  if (!link) return { own, all: async () => [{ ...(await own()), gone: false }] }
  const board = createRedisBoard(link.commands, worker, own)
  await board.post()
  const posting = every(1_000, board.post, clock, (error) =>
    logger.warn({ err: error }, 'other processes do not see this one'),
  )
  closers.add('board', async () => {
    await posting.stop()
    await board.leave()
  })
  return { own, all: () => board.all() }
}
