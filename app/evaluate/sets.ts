import { join } from 'node:path'
import type { Catalogue } from '../../core/catalogue.ts'
import { parseConfig } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { runIms } from '../../models/evaluation/runIms.ts'
import { runSkab } from '../../models/evaluation/runSkab.ts'
import { loadAssetModel } from '../../models/scoring/assetModel.ts'
import { defaultFolders } from '../paths.ts'
import { studyCmapss } from './cmapss/study.ts'
import { judgeSimulatedPumps } from './simulatedPumps.ts'
import type { OnStep, SetOptions, SetResult } from './tables.ts'

/** A data set that `forewarn evaluate all` judges the models on. */
export interface EvaluationSet {
  readonly name: string
  /** Under the data folder, where a missing one skips the set; null for what needs no data. */
  readonly folder: string | null
  readonly run: (
    folder: string,
    options: SetOptions & { readonly catalogue: Catalogue },
    onStep: OnStep,
  ) => Promise<SetResult>
}

export const evaluationSets: readonly EvaluationSet[] = [
  {
    name: 'C-MAPSS',
    folder: 'cmapss',
    run: (folder, o, onStep) => studyCmapss(folder, o.catalogue, o, onStep),
  },
  { name: 'SKAB', folder: 'skab', run: (folder) => runSkab(folder) },
  { name: 'IMS', folder: 'ims', run: (folder) => runIms(folder) },
  { name: 'Simulated pumps', folder: null, run: (_, { catalogue, quick }) => shippedPump(catalogue, quick) },
]

/** The model that comes with forewarn, on pumps that it was not trained on. */
async function shippedPump(catalogue: Catalogue, quick: boolean): Promise<SetResult> {
  const type = catalogue.get('pump')
  if (!type) throw new ForewarnError('REQUEST_INVALID', { problem: 'the catalogue has no pump' })
  const model = await loadAssetModel(join(defaultFolders.models, type.name), type)
  try {
    const counts = quick ? { failingEach: 4, healthy: 4 } : { failingEach: 40, healthy: 40 }
    return judgeSimulatedPumps(type, model, parseConfig({}).policy, counts)
  } finally {
    model.dispose()
  }
}
