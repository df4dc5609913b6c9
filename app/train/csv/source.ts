import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { AssetType } from '../../../core/catalogue.ts'
import { unreadableFile } from '../../../core/errors.ts'
import { invalidData } from '../../../models/training/checks/invalid.ts'
import type { LifeMoment } from '../../../models/training/labels/timeline.ts'
import { neededColumns, type RawData } from '../../../models/training/prepare.ts'
import type { Recipe } from '../../../models/training/recipes.ts'
import { readEvents } from './events.ts'
import { type Gathered, type ReadTable, readReadings, seriesOf } from './readings.ts'
import { invalidAt } from './table.ts'

/**
 * Training data from a CSV file, or from all `*.csv` of a folder, with the ends of lives from a file of events or from a
 * column rul. Throws DATA_FILE_INVALID, DATA_FILE_UNREADABLE, TRAINING_DATA_INVALID.
 */
export async function csvSource(
  type: AssetType,
  recipe: Recipe,
  { data, events }: { readonly data: string; readonly events?: string | undefined },
): Promise<RawData> {
  const files = await filesOf(data, events)
  const needed = new Set(neededColumns(type, recipe).map((c) => type.channels[c]!.name))
  const gathered: Gathered = new Map()
  const tables: ReadTable[] = []
  for (const file of files) tables.push(await readReadings(file, basename(file), type, needed, gathered))
  assertAlike(basename(data), tables)
  const [{ hasRul, byUsage }] = tables as [ReadTable]
  const series = seriesOf(gathered)
  const told = events === undefined ? [] : await toldEvents(events, hasRul, type, byUsage, gathered)
  const ignored = [...new Set(tables.flatMap((table) => table.ignored))]
  return {
    name: basename(data),
    series,
    events: told,
    tickets: [],
    notes: [
      ...(ignored.length > 0
        ? [`Columns that the catalogue does not know were ignored: ${ignored.join(', ')}.`]
        : []),
      ...(events === undefined && !hasRul
        ? ['There are no life ends: neither a file of events nor a column rul.']
        : []),
    ],
  }
}

async function filesOf(data: string, events: string | undefined): Promise<string[]> {
  const found = await stat(data).catch((error: unknown) => {
    throw unreadableFile(data, error)
  })
  if (!found.isDirectory()) return [data]
  const other = events === undefined ? undefined : resolve(events)
  const names = (await readdir(data)).filter((name) => /\.csv$/i.test(name)).sort()
  const files = names.map((name) => join(data, name)).filter((file) => resolve(file) !== other)
  if (files.length === 0) throw invalidAt(data, 0, 'there is no .csv file in the folder')
  return files
}

/** Files of one folder have to tell time and life ends in the same way. */
function assertAlike(source: string, tables: readonly ReadTable[]): void {
  for (const [column, pick] of [
    ['rul', (table: ReadTable) => table.hasRul],
    ['time', (table: ReadTable) => !table.byUsage],
  ] as const) {
    if (new Set(tables.map(pick)).size < 2) continue
    throw invalidData({
      source,
      column: `column ${column}`,
      problem: 'some files of the folder have it, some do not',
      remedy: 'Give it in all files or in none',
    })
  }
}

async function toldEvents(
  file: string,
  hasRul: boolean,
  type: AssetType,
  byUsage: boolean,
  gathered: Gathered,
): Promise<LifeMoment[]> {
  if (hasRul)
    throw invalidData({
      source: basename(file),
      column: 'column rul',
      problem: 'life ends are told twice, by the column rul of the readings and by events',
      remedy: 'Leave out one of the two',
    })
  return readEvents(file, basename(file), type, byUsage, new Set(gathered.keys()))
}
