import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ForewarnError, messageOf } from '../../../core/errors.ts'
import { columnProblem } from './batches.ts'
import { type BackupRecord, type Counts, type Header, type RecordOf, recordSchema, Tally } from './records.ts'

/** No record is nearly so long: whoever makes one wants our memory. */
const longestLine = 256 * 1024 ** 2

const invalid = (file: string, problem: string, cause?: unknown) =>
  new ForewarnError('BACKUP_INVALID', { file: basename(file), problem }, cause)

/** What an archive says about itself, once all of it was read and found to be whole. */
export interface Verified {
  readonly header: Header
  readonly counts: Counts
}

/**
 * Reads an archive from end to end: every record has its shape and its place, the counts and the sha256 of the closing
 * line are right, nothing follows it. Throws BACKUP_INVALID.
 */
export async function verifyArchive(file: string): Promise<Verified> {
  const hash = createHash('sha256')
  const tally = new Tally()
  let header: Header | undefined
  let end: RecordOf<'end'> | undefined
  for await (const { record, line } of lines(file)) {
    if (end) throw invalid(file, 'something follows its closing line')
    if (!header && record.kind !== 'header') throw invalid(file, 'it does not begin with its header')
    if (header && record.kind === 'header') throw invalid(file, 'it has two headers')
    if (record.kind === 'header') header = record
    if (record.kind === 'end') end = record
    else hash.update(line).update('\n')
    if (record.kind === 'readings') checkColumns(file, record, header!)
    tally.add(record)
  }
  if (!header || !end) throw invalid(file, 'it is cut off: its closing line is missing')
  if (hash.digest('hex') !== end.sha256) throw invalid(file, 'its checksum is not that of its content')
  if (!sameCounts(end.counts, tally.counts)) throw invalid(file, 'its counts are not those of its content')
  return { header, counts: tally.counts }
}

/** The records of an archive that was verified. */
export async function* readArchive(file: string): AsyncGenerator<BackupRecord> {
  for await (const { record } of lines(file)) yield record
}

async function* lines(file: string): AsyncGenerator<{ record: BackupRecord; line: Buffer }> {
  let number = 0
  for await (const line of rawLines(file)) yield { record: parse(file, line, ++number), line }
}

/** Lines without their end; an unfinished last one is left out, so that the closing line is missed. */
async function* rawLines(file: string): AsyncGenerator<Buffer> {
  let begun: Buffer[] = []
  let length = 0
  try {
    // pipeline, so that an end before the last line closes the file, too
    for await (const chunk of pipeline(createReadStream(file), createGunzip(), () => undefined)) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...begun, chunk.subarray(from, at)])
        begun = []
        length = 0
        from = at + 1
      }
      begun.push(chunk.subarray(from))
      length += chunk.length - from
      if (length > longestLine) throw new Error('a line is too long')
    }
  } catch (error) {
    if (error instanceof ForewarnError) throw error
    throw invalid(file, messageOf(error), error)
  }
}

function parse(file: string, line: Buffer, number: number): BackupRecord {
  let content: unknown
  try {
    content = JSON.parse(line.toString('utf8'))
  } catch (error) {
    throw invalid(file, `line ${number} is no JSON`, error)
  }
  const parsed = recordSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw invalid(file, `line ${number} is no record of this version: ${path.join('.')} ${message}`)
}

function checkColumns(file: string, record: RecordOf<'readings'>, header: Header): void {
  const channels = header.assetTypes[record.assetType]
  if (!channels) throw invalid(file, `its header does not name the asset type ${record.assetType}`)
  const problem = columnProblem(record, channels.length)
  if (problem) throw invalid(file, `readings of ${record.assetType}: ${problem}`)
}

const sameCounts = (a: Counts, b: Counts): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((what) => (a[what] ?? 0) === (b[what] ?? 0))
