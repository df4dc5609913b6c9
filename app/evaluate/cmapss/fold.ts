import type { AssetType } from '../../../core/catalogue.ts'
import { type ForecasterParts, type Prediction, predict } from '../../../models/evaluation/benchmark.ts'
import { rawWindowForecasts } from '../../../models/evaluation/rawWindow.ts'
import { trainRidge } from '../../../models/evaluation/ridge.ts'
import { cutTrials, type Shown, type Trial } from '../../../models/evaluation/trials.ts'
import { recipeFor } from '../../../models/training/recipes.ts'
import { baselineForecasts } from '../baselines.ts'
import type { OnStep } from '../tables.ts'
import type { Fold } from './folds.ts'
import { costOf, type NetworkCost } from './networkCost.ts'
import { type Protocol, protocols, shapeFor, trainProtocol, typeFor } from './protocols.ts'

/** Random cycles at which each engine is cut: a hundred engines give two thousand predictions. */
const cuts = 20
const cutSeed = 1

/** What is shown of the life up to a cut, by name. */
export const shownParts = {
  whole: { late: false, usage: true },
  late: { late: true, usage: true },
  unknown: { late: true, usage: false },
} as const satisfies Record<string, Shown>

export type ShownName = keyof typeof shownParts

/** One fold's predictions, each list in the order of `truths`. */
export interface JudgedFold {
  /** Remaining life at each cut, not capped. */
  readonly truths: readonly number[]
  /** By what is shown, a list a seed: the network that is deployed. */
  readonly deployed: Readonly<Record<ShownName, readonly (readonly Prediction[])[]>>
  /** Point forecasts under the other protocols, a list a seed. */
  readonly withoutAge: readonly (readonly number[])[]
  readonly strict: readonly (readonly number[])[]
  readonly baselines: Readonly<Record<string, readonly number[]>>
  /** One a seed. */
  readonly costs: readonly NetworkCost[]
}

/** Trains everything on the fold's training engines and asks it at the cuts of the others. */
export async function judgeFold(
  type: AssetType,
  { tested, training }: Fold,
  seeds: number,
  onStep: OnStep,
): Promise<JudgedFold> {
  const trialsOf = (kind: AssetType, shown: Shown = shownParts.whole) =>
    cutTrials(kind, tested, cuts, cutSeed, shown)
  const [withAge, withoutAge, strict] = protocols as [Protocol, Protocol, Protocol]
  const whole: Prediction[][] = []
  const late: Prediction[][] = []
  const unknown: Prediction[][] = []
  const points = { withoutAge: [] as number[][], strict: [] as number[][] }
  const costs: NetworkCost[] = []
  const windows = (trials: readonly Trial[]) => trials.map((t) => t.window)
  for (let seed = 1; seed <= seeds; seed++) {
    const step = (share: number) => onStep(`seed ${seed} of ${seeds}`, (seed - 1 + share) / seeds)
    const started = performance.now()
    const parts = await trainProtocol(type, training, withAge, { seed, calibrated: true }, (share) =>
      step(0.7 * share),
    )
    const seconds = (performance.now() - started) / 1000
    const ask = (shown: Shown) => predict(type, parts, windows(trialsOf(type, shown)))
    whole.push(ask(shownParts.whole))
    late.push(ask(shownParts.late))
    unknown.push(ask(shownParts.unknown))
    costs.push(costOf(type, parts, windows(trialsOf(type)), seconds))
    dispose(parts)
    for (const protocol of [withoutAge, strict]) {
      const kind = typeFor(type, protocol)
      const other = await trainProtocol(type, training, protocol, { seed, calibrated: false })
      points[protocol.name === 'strict' ? 'strict' : 'withoutAge'].push(
        predict(kind, other, windows(trialsOf(kind))).map((p) => p.mean),
      )
      dispose(other)
      step(protocol.strict ? 1 : 0.85)
    }
  }
  const trials = trialsOf(type)
  const { usageMayLack: _, history: __, ...shape } = shapeFor(type, training, withAge)
  const { inputs, forecaster } = recipeFor(type)
  return {
    truths: trials.map((t) => t.truth),
    deployed: { whole, late, unknown },
    ...points,
    costs,
    baselines: {
      ...baselineForecasts(type, training, trials),
      'linear ridge': trainRidge(type, training, shape, 'linear')(windows(trials)),
      'quadratic ridge': trainRidge(type, training, shape, 'quadratic')(windows(trials)),
      'network on the raw window': await rawWindowForecasts(
        type,
        training,
        inputs,
        { ...forecaster, seed: 1 },
        windows(trials),
      ),
    },
  }
}

const dispose = ({ members }: ForecasterParts): void => {
  for (const member of members) member.dispose()
}
