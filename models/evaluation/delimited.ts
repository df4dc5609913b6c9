import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { ForewarnError, messageOf, unreadableFile } from '../../core/errors.ts'

/** A file of named columns. */
export interface Delimited {
  readonly file: string
  readonly header: readonly string[]
  /** Cells as text, row by row. */
  readonly rows: readonly (readonly string[])[]
}

/** Reads a file of separated values with a header. Throws DATA_FILE_INVALID with the line, DATA_FILE_UNREADABLE. */
export async function readDelimited(file: string, separator: string): Promise<Delimited> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadableFile(file, error)
  })
  const [header, ...rows] = records(file, text, separator)
  if (!header) throw invalid(file, 1, 'the file is empty')
  return { file, header, rows }
}

function records(file: string, text: string, separator: string): string[][] {
  try {
    return parse(text, { delimiter: separator, bom: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    const { lines } = error as { lines?: number }
    throw invalid(file, lines ?? 1, messageOf(error))
  }
}

/** One column as numbers. Throws DATA_FILE_INVALID where it is absent, or a cell is not a number. */
export function numbersOf({ file, header, rows }: Delimited, column: string): Float64Array {
  const place = header.indexOf(column)
  if (place < 0) throw invalid(file, 1, `there is no column ${column}`)
  return Float64Array.from(rows, (row, i) => {
    const value = row[place] === '' ? Number.NaN : Number(row[place])
    if (Number.isFinite(value)) return value
    // the header is line 1
    throw invalid(file, i + 2, `column ${column} is not a number: "${row[place]}"`)
  })
}

const invalid = (file: string, line: number, problem: string) =>
  new ForewarnError('DATA_FILE_INVALID', { file, line, problem })
