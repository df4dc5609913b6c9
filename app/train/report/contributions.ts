import type { AssetType } from '../../../core/catalogue.ts'
import { contributionsOf } from '../../../models/scoring/anomaly.ts'
import type { TrainedAutoencoder } from '../../../models/training/autoencoder.ts'
import type { TrainingLife } from '../../../models/training/dataset.ts'
import { collectSamples, filterSamples, matrixOf } from '../../../models/training/samples.ts'

/**
 * Mean share of each channel in the deviation from healthy, as live scores tell it, of windows within the horizon of a
 * failure; greatest first.
 */
export function contributionsNearFailure(
  type: AssetType,
  { spec }: Pick<TrainedAutoencoder, 'spec'>,
  lives: readonly TrainingLife[],
  every: number,
): { channel: string; share: number }[] {
  const failing = lives.filter(({ rul, censored }) => rul !== null && !censored)
  const near = collectSamples(type, failing, spec, every).map((samples) =>
    filterSamples(samples, (row) => samples.life.rul![row]! <= type.horizon),
  )
  const { data, width } = matrixOf(near, spec)
  const windows = data.length / width
  if (windows === 0) return []
  const sums = new Map(spec.inputs.map((name) => [name, 0]))
  for (let row = 0; row < windows; row++) {
    const own = [...data.subarray(row * width, row * width + spec.inputs.length)]
    for (const [name, share] of Object.entries(contributionsOf(spec.inputs, own)))
      sums.set(name, sums.get(name)! + Math.abs(share))
  }
  return [...sums]
    .map(([channel, sum]) => ({ channel, share: sum / windows }))
    .sort((a, b) => b.share - a.share)
}
