import { messageOf } from '../../../core/errors.ts'
import type { BackendChoice } from '../../../models/backend.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { measureScoring, type ScoringTask } from '../lib/scoring.ts'

const batches = [1, 4, 16, 64, 256]
const backends: readonly BackendChoice[] = ['wasm', 'node']
const aimedAt = 50_000

/** The pump's models on one core, each alone and the whole way from readings to scores. */
export const score: BenchCase = {
  name: 'score',
  about: 'windows a second of forecaster, autoencoder and the whole scorer, by batch and backend',
  async *run(context) {
    for (const backend of backends) {
      if (await isPresent(context, backend))
        for (const what of ['forecaster', 'autoencoder', 'scorer'] as const)
          for (const batch of batches) yield await measure(context, { backend, what, batch })
    }
  },
}

/** The native library is a choice of whoever installs forewarn. */
async function isPresent({ progress }: BenchContext, backend: BackendChoice): Promise<boolean> {
  try {
    await measureScoring({ backend, what: 'autoencoder', batch: 1, seconds: 0.1 })
    return true
  } catch (error) {
    progress(`score: without ${backend}: ${messageOf(error)}`)
    return false
  }
}

async function measure(context: BenchContext, task: Omit<ScoringTask, 'seconds'>): Promise<Measured> {
  const { backend, what, batch } = task
  context.progress(`score: ${what}, ${batch} windows a call, on ${backend}`)
  const figures = await measureScoring({ ...task, seconds: context.seconds ?? 4 })
  return {
    settings: { backend, what, batch },
    figures: { ...figures },
    aims: batch === Math.max(...batches) ? [{ figure: 'windowsPerSecond', atLeast: aimedAt }] : [],
  }
}
