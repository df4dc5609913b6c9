import { readFile } from 'node:fs/promises'
import { ForewarnError, unreadableFile } from '../../core/errors.ts'
import type { TrainingLife } from '../training/dataset.ts'

/** One engine of a C-MAPSS file: one row a cycle, in the order of `catalogue/turbofan.yaml`. */
export interface Engine {
  readonly unit: number
  readonly rows: readonly Float64Array[]
}

/** Reads an RUL file: one number a line, for unit 1, 2, and so on. */
export async function readRul(file: string): Promise<number[]> {
  return (await readNumbers(file)).map(({ numbers, line }) => {
    if (numbers.length !== 1 || numbers[0]! < 0) throw invalid(file, line, 'expected one number of cycles')
    return numbers[0]!
  })
}

/** An engine that runs to its failure at the last row, where `remainingAtEnd` cycles remain. */
export function lifeOf({ unit, rows }: Engine, remainingAtEnd = 0): TrainingLife {
  const columns = rows[0]?.length ?? 0
  const values = Array.from({ length: columns }, (_, c) => Float64Array.from(rows, (row) => row[c]!))
  const rul = Float64Array.from({ length: rows.length }, (_, row) => rows.length - 1 - row + remainingAtEnd)
  return { id: String(unit), values, rul }
}

async function readNumbers(file: string): Promise<{ numbers: number[]; line: number }[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadableFile(file, error)
  })
  const rows = text.split('\n').map((content, i) => ({ content: content.trim(), line: i + 1 }))
  const filled = rows.filter(({ content }) => content !== '')
  if (filled.length === 0) throw invalid(file, 1, 'the file is empty')
  return filled.map(({ content, line }) => {
    const numbers = content.split(/\s+/).map(Number)
    if (!numbers.every(Number.isFinite)) throw invalid(file, line, 'not a number')
    return { numbers, line }
  })
}

const invalid = (file: string, line: number, problem: string) =>
  new ForewarnError('DATA_FILE_INVALID', { file, line, problem })
