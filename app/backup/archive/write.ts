import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { link, open, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ForewarnError, messageOf } from '../../../core/errors.ts'
import { type BackupRecord, type Counts, type Header, Tally } from './records.ts'

export interface Written {
  readonly file: string
  readonly bytes: number
  readonly counts: Counts
}

/**
 * Writes an archive. It has its name only once it is complete and on disk; what is there already is never overwritten.
 * It holds what the plant's data hold, so nobody but its owner may read it. Throws REQUEST_INVALID where the name is
 * taken, DATA_FOLDER_UNUSABLE where it cannot be written, and whatever `records` throws.
 */
export async function writeArchive(
  name: string,
  header: Header,
  records: AsyncIterable<BackupRecord>,
): Promise<Written> {
  const file = resolve(name)
  assertFree(file)
  const aside = `${file}.partial`
  try {
    const counts = await writeAside(aside, header, records)
    await publish(aside, file)
    return { file, bytes: (await stat(file)).size, counts }
  } catch (error) {
    if (error instanceof ForewarnError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    if (code === 'EEXIST') throw taken(file)
    throw new ForewarnError(
      'DATA_FOLDER_UNUSABLE',
      { folder: dirname(file), problem: messageOf(error) },
      error,
    )
  } finally {
    await rm(aside, { force: true })
  }
}

/** Throws REQUEST_INVALID where there is something of that name. */
export function assertFree(name: string): void {
  const file = resolve(name)
  if (existsSync(file)) throw taken(file)
}

const taken = (file: string) =>
  new ForewarnError('REQUEST_INVALID', { problem: `${file} is there already; give the backup another name` })

async function writeAside(aside: string, header: Header, records: AsyncIterable<BackupRecord>) {
  await rm(aside, { force: true })
  const disk = createWriteStream(aside, { flags: 'wx', mode: 0o600, flush: true })
  const gzip = createGzip()
  gzip.pipe(disk)
  // a disk that fails ends the pipe: the writer must not wait for it to drain
  disk.once('error', (error) => gzip.destroy(error))
  const done = finished(disk)
  done.catch(() => undefined)
  const hash = createHash('sha256')
  const tally = new Tally()
  const put = async (record: BackupRecord) => {
    const line = `${JSON.stringify(record)}\n`
    if (record.kind !== 'end') hash.update(line)
    tally.add(record)
    if (!gzip.write(line)) await once(gzip, 'drain')
  }
  try {
    await put(header)
    for await (const record of records) await put(record)
    await put({ kind: 'end', counts: tally.counts, sha256: hash.digest('hex') })
    gzip.end()
    await done
    return tally.counts
  } catch (error) {
    gzip.destroy()
    disk.destroy()
    throw error
  }
}

/** A link fails where the name was taken meanwhile; a rename would overwrite it. */
async function publish(aside: string, file: string): Promise<void> {
  await link(aside, file)
  if (process.platform === 'win32') return
  const folder = await open(dirname(file))
  await folder.sync().finally(() => folder.close())
}
