import type { TrainingProgress } from '../../models/training/trainAsset.ts'

/** The forecaster takes by far most of the time. */
const forecasterShare = 0.9

/**
 * How far a whole training run is, 0 to 1, from how far each of its models is. Whether there is a forecaster shows when it
 * tells its progress: it trains first, and where no life failed the autoencoder is the whole run.
 */
export function overallShare(): (progress: Pick<TrainingProgress, 'kind' | 'share'>) => number {
  let before = 0
  return ({ kind, share }) => {
    if (kind === 'forecaster') before = forecasterShare
    return kind === 'forecaster' ? forecasterShare * share : before + (1 - before) * share
  }
}
