import { basename } from 'node:path'
import type { AssetType } from '../../../core/catalogue.ts'
import { recipeFor } from '../../../models/training/recipes.ts'
import { csvSource } from '../../train/csv/source.ts'
import type { RecordedFleet } from './fleet.ts'
import { readTruth } from './truthFile.ts'

/** Reads a fleet with its truth. Throws DATA_FILE_INVALID, TRAINING_DATA_INVALID. */
export async function readFleet(type: AssetType, readings: string, truth: string): Promise<RecordedFleet> {
  const { series, name } = await csvSource(type, recipeFor(type), { data: readings })
  const devices = new Set(series.map(({ device }) => device))
  return { name, series, truth: await readTruth(truth, basename(truth), type, devices) }
}
