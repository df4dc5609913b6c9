import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unreadableFile } from '../../core/errors.ts'
import { numbersOf, readDelimited } from './delimited.ts'

/**
 * One file of the Skoltech Anomaly Benchmark (Katser & Kozitsin 2020), v0.9: a water circuit at 1 Hz, values separated
 * by semicolons.
 */
export interface SkabRun {
  /** `valve2/0.csv`. */
  readonly name: string
  readonly channels: readonly string[]
  /** One series a channel. */
  readonly values: readonly Float64Array[]
  /** 1 where the row is labelled anomalous; all 0 in a file without labels. */
  readonly labels: Float64Array
  /** False for the recording without anomalies, which has no column of labels. */
  readonly labelled: boolean
}

/** Columns that no detector may look at: the clock, and what is to be found. */
const notChannels = new Set(['datetime', 'anomaly', 'changepoint'])

/** Throws DATA_FILE_INVALID with the line. */
export async function readSkab(file: string, name: string): Promise<SkabRun> {
  const table = await readDelimited(file, ';')
  const labelled = table.header.includes('anomaly')
  const channels = table.header.filter((column) => !notChannels.has(column))
  return {
    name,
    channels,
    values: channels.map((channel) => numbersOf(table, channel)),
    labels: labelled ? numbersOf(table, 'anomaly') : new Float64Array(table.rows.length),
    labelled,
  }
}

/** Every file of the folders below, those with labels apart from those without. Throws DATA_FILE_INVALID, DATA_FILE_UNREADABLE. */
export async function readSkabFolder(folder: string): Promise<SkabRun[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unreadableFile(folder, error)
  })
  const names = entries.filter((entry) => entry.endsWith('.csv')).sort(naturally)
  return await Promise.all(names.map((name) => readSkab(join(folder, name), name)))
}

const naturally = new Intl.Collator('en', { numeric: true }).compare
