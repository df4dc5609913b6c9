import { basename } from 'node:path'
import type { AssetType } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { lifeOf } from '../../models/evaluation/cmapss.ts'
import { type PreparedData, prepareData, preparedLives } from '../../models/training/prepare.ts'
import type { Recipe } from '../../models/training/recipes.ts'
import { csvSource } from './csv/source.ts'
import { pumpLives } from './pumpLives.ts'
import { type SourceName, sourceNames } from './sourceNames.ts'

/** Where training data comes from; what a source does not need is left out. */
export interface SourceOptions {
  /** Left out: what belongs to the asset type, see `sourceOf`. */
  readonly from?: SourceName | undefined
  /** A file of C-MAPSS; a CSV file or a folder of them. */
  readonly data?: string | undefined
  /** CSV of life events, beside `data`. */
  readonly events?: string | undefined
  /** Units of a C-MAPSS file that train, such as `1-80`; all where left out. */
  readonly units?: string | undefined
  /** Stored readings in [since, until), ms; everything where left out. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** The installation whose store is read. */
  readonly config?: Config | undefined
  /** Without a failure it is refused, rather than training a detector alone. */
  readonly requireFailures?: boolean | undefined
  /** Of the simulator, and of training. */
  readonly seed: number
}

/** Reads, checks and labels training data. Throws REQUEST_INVALID, DATA_FILE_INVALID, DATA_FILE_UNREADABLE, TRAINING_DATA_INVALID. */
export async function readSource(
  type: AssetType,
  recipe: Recipe,
  options: SourceOptions,
): Promise<PreparedData> {
  const from = sourceOf(type, options)
  if (from === 'simulator') return simulated(type, options)
  if (from === 'cmapss') return engines(type, options)
  if (from === 'csv')
    return prepareData(
      type,
      recipe,
      await csvSource(type, recipe, csvFiles(options)),
      options.requireFailures,
    )
  const { storeSource } = await import('./storeSource.ts')
  return prepareData(type, recipe, await storeSource(type, options), options.requireFailures)
}

/** The source that was asked for; without a word pumps are simulated and turbofans come from a C-MAPSS file. */
export function sourceOf(type: AssetType, { from, data }: SourceOptions): SourceName {
  if (from) return from
  if (type.name === 'turbofan') return 'cmapss'
  if (type.name === 'pump' && data === undefined) return 'simulator'
  throw invalid(`say where the training data of ${type.name} is: --from ${sourceNames.join(', ')}`)
}

function simulated(type: AssetType, { seed }: SourceOptions): PreparedData {
  if (type.name !== 'pump') throw invalid(`the simulator makes pumps, not ${type.name}`)
  return preparedLives(`simulated pumps, seed ${seed}`, pumpLives(seed))
}

/** Fewer engines than this are no fleet to learn from. */
const fewestEngines = 10

async function engines(type: AssetType, { data, units }: SourceOptions): Promise<PreparedData> {
  if (type.name !== 'turbofan') throw invalid(`C-MAPSS files hold turbofans, not ${type.name}`)
  if (data === undefined) throw invalid('training turbofan needs --data train_FD001.txt')
  const found = await readEngines(data, units)
  if (found.length < fewestEngines)
    throw invalid(`units ${units} of ${data} are ${found.length} engines, ${fewestEngines} are needed`)
  const name = units === undefined ? basename(data) : `${basename(data)}, units ${units}`
  return preparedLives(
    name,
    found.map((engine) => lifeOf(engine)),
  )
}

function csvFiles({ data, events }: SourceOptions) {
  if (data === undefined) throw invalid('training from CSV needs --data with a file or a folder')
  return { data, events }
}

const invalid = (problem: string) => new ForewarnError('REQUEST_INVALID', { problem })
