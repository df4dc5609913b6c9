import type { AssetType, Channel } from '../../../core/catalogue.ts'
import { conversion, convert } from '../../../ingest/mapping/units.ts'
import { invalidData } from '../../../models/training/checks/invalid.ts'

/** Where what stands in a table of readings; -1 for a column that is not there. */
export interface Columns {
  readonly device: number
  readonly time: number
  readonly rul: number
  /** Per channel in the catalogue's order. */
  readonly channels: readonly number[]
  /** Names of columns that are not used. */
  readonly ignored: readonly string[]
}

/** `temperature [degF]` or `temperature (°F)`: a name, and a unit where the header tells one. */
export function parseHeading(cell: string): { name: string; unit: string | undefined } {
  const match = /^([^[(]*?)\s*(?:\[(.+)\]|\((.+)\))$/.exec(cell.trim())
  if (!match || match[1] === '') return { name: cell.trim(), unit: undefined }
  return { name: match[1]!, unit: (match[2] ?? match[3])!.trim() }
}

/**
 * Finds the columns by their names, which are those of the catalogue, case-sensitive. `needed` are the channels that
 * training cannot do without. Throws TRAINING_DATA_INVALID for a column that is missing, stands twice or has another
 * unit than the catalogue.
 */
export function columnsOf(
  source: string,
  type: AssetType,
  header: readonly string[],
  needed: ReadonlySet<string>,
): Columns {
  const headings = header.map(parseHeading)
  const names = headings.map(({ name }) => name)
  const known = ['device', 'time', 'rul', ...type.channels.map((c) => c.name)]
  const repeated = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (repeated !== undefined)
    throw invalidData({
      source,
      column: `column ${repeated}`,
      problem: 'it stands twice in the header',
      remedy: 'Leave one of the two',
    })
  for (const { name } of type.channels) if (needed.has(name)) assertThere(source, names, name)
  for (const { name, unit } of headings) {
    const channel = type.channels.find((c) => c.name === name)
    if (channel && unit !== undefined) assertUnit(source, channel, unit)
  }
  return {
    device: names.indexOf('device'),
    time: names.indexOf('time'),
    rul: names.indexOf('rul'),
    channels: type.channels.map((c) => names.indexOf(c.name)),
    ignored: names.filter((name) => !known.includes(name)),
  }
}

/** Throws TRAINING_DATA_INVALID with the column that was probably meant, where there is one. */
export function assertThere(source: string, names: readonly string[], name: string): void {
  if (names.includes(name)) return
  const meant = names.find((one) => one.toLowerCase() === name.toLowerCase())
  throw invalidData({
    source,
    column: `column ${name}`,
    problem: meant === undefined ? 'there is no such column' : `there is none, but there is ${meant}`,
    remedy:
      meant === undefined
        ? `Add the column; the header has ${names.join(', ')}`
        : `Call it ${name}: names are case-sensitive`,
  })
}

function assertUnit(source: string, { name, unit }: Channel, told: string): void {
  if (isSameUnit(told, unit)) return
  throw invalidData({
    source,
    column: `column ${name}`,
    problem: `mixed units: the header says ${told}, the catalogue ${unit}`,
    remedy: `Convert the column to ${unit} and write ${name} [${unit}] above it, or correct the catalogue`,
  })
}

/** The same by name, with or without UCUM's brackets, or two names of one unit (`°C` and `Cel`). */
export function isSameUnit(one: string, other: string): boolean {
  const bare = (unit: string) => unit.replace(/^[[{](.*)[\]}]$/, '$1')
  if (bare(one) === bare(other)) return true
  const way = conversion(one, other)
  if (typeof way === 'string') return false
  return [0, 1000].every((value) => Math.abs(convert(way, value) - value) < 1e-6)
}
