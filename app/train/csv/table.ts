import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { ForewarnError, messageOf, unreadableFile } from '../../../core/errors.ts'

/** One record of a table: cells as text, and the line on which it ends. */
export interface TableRow {
  readonly cells: readonly string[]
  readonly line: number
}

/**
 * Records of a file of separated values one by one, the header first; comma, semicolon or tab, whichever the first line
 * has most of. Millions of records are never in memory at once. Throws DATA_FILE_INVALID with the line,
 * DATA_FILE_UNREADABLE.
 */
export async function* tableRows(file: string): AsyncGenerator<TableRow> {
  const delimiter = await separatorOf(file)
  const parser = createReadStream(file).pipe(
    parse({ delimiter, bom: true, skip_empty_lines: true, trim: true, info: true }),
  )
  let count = 0
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      count += 1
      yield { cells: record, line: info.lines }
    }
  } catch (error) {
    const { lines } = error as { lines?: number }
    throw invalidAt(file, lines ?? count + 1, messageOf(error), error)
  }
  if (count === 0) throw invalidAt(file, 1, 'the file is empty')
}

async function separatorOf(file: string): Promise<string> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadableFile(file, error)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const line = buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0]!
    const counts = [',', ';', '\t'].map((one) => ({ one, count: line.split(one).length }))
    return counts.sort((a, b) => b.count - a.count)[0]!.one
  } catch (error) {
    throw unreadableFile(file, error)
  } finally {
    await handle.close()
  }
}

export const invalidAt = (file: string, line: number, problem: string, cause?: unknown): ForewarnError =>
  new ForewarnError('DATA_FILE_INVALID', { file, line, problem }, cause)
