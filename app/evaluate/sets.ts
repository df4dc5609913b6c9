import type { Catalogue } from '../../core/catalogue.ts'
import { runIms } from '../../models/evaluation/runIms.ts'
import { runSkab } from '../../models/evaluation/runSkab.ts'
import { studyCmapss } from './cmapss/study.ts'
import type { OnStep, SetOptions, SetResult } from './tables.ts'

/** A data set that `forewarn evaluate all` judges the models on. */
export interface EvaluationSet {
  readonly name: string
  /** Under the data folder; where it is missing the set is skipped. */
  readonly folder: string
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
]
