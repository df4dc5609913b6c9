import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ForewarnError, unreadableFile } from '../../core/errors.ts'
import { parseUnits } from './units.ts'

/**
 * The run-to-failure files of NASA's C-MAPSS data set (Saxena et al., PHM08): 26 columns separated by spaces, that is
 * unit, cycle, three settings, 21 sensors; one row a flight, the last row of a unit is its last flight.
 */
export interface CmapssEngine {
  readonly unit: number
  /** One row a cycle: cycle, setting 1 to 3, sensor 1 to 21, in the order of catalogue/turbofan.yaml. */
  readonly rows: readonly Float64Array[]
}

const columns = 26

/** Engines by ascending unit. Throws DATA_FILE_INVALID with the line. */
export function parseCmapss(text: string, file: string): CmapssEngine[] {
  const engines = new Map<number, Float64Array[]>()
  text.split('\n').forEach((line, index) => {
    const cells = line.trim()
    if (cells === '') return
    const fail = (problem: string) =>
      new ForewarnError('DATA_FILE_INVALID', { file, line: index + 1, problem })
    const { unit, row } = parseRow(cells, fail)
    const rows = engines.get(unit) ?? []
    if (row[0] !== rows.length + 1) {
      throw fail(`cycle ${row[0]} of unit ${unit} stands where cycle ${rows.length + 1} belongs`)
    }
    rows.push(row)
    engines.set(unit, rows)
  })
  if (engines.size === 0) {
    throw new ForewarnError('DATA_FILE_INVALID', { file, line: 1, problem: 'the file is empty' })
  }
  return [...engines].map(([unit, rows]) => ({ unit, rows })).sort((a, b) => a.unit - b.unit)
}

function parseRow(line: string, fail: (problem: string) => Error): { unit: number; row: Float64Array } {
  const cells = line.split(/\s+/)
  if (cells.length !== columns) throw fail(`${columns} columns are expected, there are ${cells.length}`)
  const numbers = Float64Array.from(cells, Number)
  const bad = numbers.findIndex((n) => !Number.isFinite(n))
  if (bad >= 0) throw fail(`column ${bad + 1} is not a number: ${cells[bad]}`)
  const unit = numbers[0]!
  if (!Number.isInteger(unit) || unit < 1) throw fail(`the unit is not a whole number from 1: ${cells[0]}`)
  return { unit, row: numbers.subarray(1) }
}

/** Throws DATA_FILE_INVALID, DATA_FILE_UNREADABLE. */
export async function readCmapss(file: string): Promise<CmapssEngine[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadableFile(file, error)
  })
  return parseCmapss(text, file)
}

/** The engines of these units, in their order. Throws CONFIG_INVALID for a unit that the file does not have. */
export function selectUnits(engines: readonly CmapssEngine[], units: readonly number[]): CmapssEngine[] {
  return units.map((unit) => {
    const engine = engines.find((e) => e.unit === unit)
    if (engine) return engine
    const problem = `the file has no unit ${unit}, only ${engines[0]?.unit} to ${engines.at(-1)?.unit}`
    throw new ForewarnError('CONFIG_INVALID', { path: '--units', problem, source: 'the command line' })
  })
}

/** The engines of a file that are meant: `81-100,3`, or all of them. Throws what readCmapss throws, CONFIG_INVALID. */
export async function readEngines(file: string, units: string | undefined): Promise<CmapssEngine[]> {
  const engines = await readCmapss(file)
  return units === undefined ? engines : selectUnits(engines, parseUnits(units))
}

/** `train_FD001.txt` and unit 81 give `FD001-81`; files of other names `engine-81`. */
export const engineDevice = (file: string, unit: number): string =>
  `${/FD\d{3}/.exec(basename(file))?.[0] ?? 'engine'}-${unit}`
