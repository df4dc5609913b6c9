import { readFile } from 'node:fs/promises'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { TrainingLife } from '../training/dataset.ts'

/** Columns of a C-MAPSS file: unit, cycle, 3 settings, 21 sensors (Saxena et al., PHM08). */
const columnsPerRow = 26

/** One engine of a C-MAPSS file. */
export interface Engine {
  readonly unit: number
  /** Per column from `cycle` on: 25 series, in the order of `catalogue/turbofan.yaml`. */
  readonly values: readonly Float64Array[]
}

/** Reads a train or test file as NASA publishes it. Throws DATA_FILE_INVALID naming the line. */
export async function readEngines(file: string): Promise<Engine[]> {
  const rowsOf = new Map<number, number[][]>()
  for (const { numbers, line } of await readNumbers(file)) {
    if (numbers.length !== columnsPerRow)
      throw invalid(file, line, `expected ${columnsPerRow} columns, found ${numbers.length}`)
    const [unit] = numbers as [number]
    const rows = rowsOf.get(unit) ?? []
    if (numbers[1] !== (rows.at(-1)?.[0] ?? 0) + 1) throw invalid(file, line, `unit ${unit} misses a cycle`)
    rows.push(numbers.slice(1))
    rowsOf.set(unit, rows)
  }
  return [...rowsOf].map(([unit, rows]) => ({
    unit,
    values: Array.from({ length: columnsPerRow - 1 }, (_, c) => Float64Array.from(rows, (row) => row[c]!)),
  }))
}

/** Reads an RUL file: one number a line, for unit 1, 2, and so on. */
export async function readRul(file: string): Promise<number[]> {
  return (await readNumbers(file)).map(({ numbers, line }) => {
    if (numbers.length !== 1 || numbers[0]! < 0) throw invalid(file, line, 'expected one number of cycles')
    return numbers[0]!
  })
}

/** An engine that runs to its failure at the last row, where nothing remains. */
export function lifeOf(engine: Engine, remainingAtEnd = 0): TrainingLife {
  const rows = engine.values[0]!.length
  const rul = Float64Array.from({ length: rows }, (_, row) => rows - 1 - row + remainingAtEnd)
  return { id: String(engine.unit), values: engine.values, rul }
}

async function readNumbers(file: string): Promise<{ numbers: number[]; line: number }[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(file, 0, messageOf(error))
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
