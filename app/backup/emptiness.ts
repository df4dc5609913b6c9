import { countRows } from '../../alerts/db/transfer.ts'
import { ForewarnError } from '../../core/errors.ts'
import { openDeadLetters } from '../../ingest/log/lmdbDeadLetters.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { hasLog, type Parts } from './parts.ts'
import { stateFiles } from './stateFiles.ts'

/**
 * A restore never mixes two installations. The telemetry store may be filled where the archive has nothing for it: an
 * InfluxDB is restored by its own tools. Throws INSTALLATION_NOT_EMPTY with what is there.
 */
export async function assertEmpty(parts: Parts, telemetry: boolean): Promise<void> {
  const found = [
    ...(await inTables(parts)),
    ...(await inQueue(parts)),
    ...(telemetry ? await inStore(parts) : []),
    ...(hasLog(parts) ? await inLog(parts) : []),
    ...some('files', stateFiles(parts.folder).length),
  ]
  if (found.length === 0) return
  throw new ForewarnError('INSTALLATION_NOT_EMPTY', { found: found.join(', ') })
}

const some = (what: string, count: number): string[] => (count > 0 ? [`${count} ${what}`] : [])

async function inTables({ db }: Parts): Promise<string[]> {
  const counts = Object.entries(await countRows(db))
  return counts.flatMap(([table, count]) => some(`rows in ${table}`, count))
}

async function inQueue({ queue }: Parts): Promise<string[]> {
  const { waiting, active, delayed, failed } = await queue.counts()
  return some('predictions in the queue', waiting + active + delayed + failed)
}

async function inStore({ store, catalogue }: Parts): Promise<string[]> {
  const perType = await Promise.all([...catalogue.keys()].map((type) => store.counts(type)))
  const readings = perType.flatMap((counts) => [...counts.values()]).reduce((sum, n) => sum + n, 0)
  return [...some('stored readings', readings), ...some('scores', await store.scoreCount())]
}

async function inLog({ logFolder, catalogue }: Parts): Promise<string[]> {
  const log = openLogReader({ folder: logFolder, catalogue })
  const used = log.last() > 0
  await log.close()
  const box = openDeadLetters({ folder: logFolder })
  const letters = (await box.list({ limit: Number.MAX_SAFE_INTEGER })).length
  await box.close()
  return [...(used ? ['a reading log'] : []), ...some('dead letters', letters)]
}
