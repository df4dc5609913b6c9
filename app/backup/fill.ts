import { type CarriedRow, loadTables, type TablePiece } from '../../alerts/db/transfer.ts'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { Prediction } from '../../core/ticket.ts'
import type { OpenLog } from '../../ingest/log/log.ts'
import { readingAt } from '../../ingest/stores/store.ts'
import { deadLetter } from '../storing.ts'
import { batchOf } from './archive/batches.ts'
import { readArchive, type Verified } from './archive/read.ts'
import { type RecordOf, tally } from './archive/records.ts'
import type { Parts } from './parts.ts'
import type { Progress } from './progress.ts'
import { putPiece } from './stateFiles.ts'

/** What the new store refused: readings as a whole, and those that lost single values. Each is a dead letter. */
export interface Refused {
  whole: number
  partial: number
}

interface Surroundings {
  readonly archive: Verified
  readonly clock: Clock
  readonly progress: Progress
}

/** Puts everything in its place, record by record, in the order of the archive. */
export async function fill(
  parts: Parts,
  log: OpenLog,
  file: string,
  { archive, clock, progress }: Surroundings,
): Promise<Refused> {
  const refused: Refused = { whole: 0, partial: 0 }
  const { channelsOf } = columnsOf(archive, parts.catalogue)
  const total = Object.values(archive.counts).reduce((sum, count) => sum + count, 0)
  let done = 0
  let position = 0

  async function store(record: RecordOf<'readings'>): Promise<void> {
    const batch = batchOf(record, ...channelsOf(record.assetType))
    const result = await parts.store.write([batch], ++position)
    if (result.refused.length === 0) return
    await log.append(
      [],
      result.refused.map((one) => deadLetter(one, clock.now())),
    )
    const partial = result.refused.filter((one) => one.partial).length
    refused.partial += partial
    refused.whole += result.refused.length - partial
  }

  async function keep(record: RecordOf<'readings'>): Promise<void> {
    await goOnAfterStore(parts, log)
    const batch = batchOf(record, ...channelsOf(record.assetType))
    await log.append(Array.from({ length: batch.length }, (_, row) => readingAt(batch, row)))
  }

  await parts.db.transaction().execute((trx) => loadTables(trx, tablesIn(file)))
  for await (const record of readArchive(file)) {
    if (record.kind === 'predictions') await enqueue(parts, record)
    if (record.kind === 'file') putPiece(parts.folder, record)
    if (record.kind === 'readings') await (record.source === 'log' ? keep(record) : store(record))
    if (record.kind === 'scores') await parts.store.writeScores(record.scores)
    if (record.kind === 'deadLetters') await log.append([], record.letters.map(letterOf))
    done += tally(record)?.[1] ?? 0
    progress('filling the installation', done, total)
  }
  await goOnAfterStore(parts, log)
  return refused
}

/** The tables come first in an archive: what follows them need not be read. */
async function* tablesIn(file: string): AsyncGenerator<TablePiece> {
  for await (const record of readArchive(file)) {
    if (record.kind === 'table') yield { table: record.table, rows: record.rows as CarriedRow[] }
    else if (record.kind !== 'header') return
  }
}

async function enqueue({ queue }: Parts, { predictions }: RecordOf<'predictions'>): Promise<void> {
  for (const prediction of predictions) await queue.add(prediction as unknown as Prediction)
}

const letterOf = ({ payload, ...rest }: RecordOf<'deadLetters'>['letters'][number]) => ({
  ...rest,
  payload: Buffer.from(payload, 'base64'),
})

/** A store that counts blocks would take the first ones of a new log for those it was filled with. */
async function goOnAfterStore({ store }: Parts, log: OpenLog): Promise<void> {
  if (log.last() === 0) await log.continueAfter((await store.cursor()) ?? 0)
}

/** The channels of an asset type as the archive has them, and as they are wanted here. */
function columnsOf({ header }: Verified, catalogue: Catalogue) {
  const channelsOf = (assetType: string): [readonly string[], readonly string[]] => [
    header.assetTypes[assetType]!,
    catalogue.get(assetType)!.channels.map((channel) => channel.name),
  ]
  return { channelsOf }
}
