import { seededRandom } from '../training/random.ts'

/** Failure probabilities of one window by both models, and whether a failure lay within the horizon. */
export interface PairedWindow {
  readonly champion: number
  readonly challenger: number
  readonly failing: boolean
}

/** Windows of one life of one device: they stand and fall together. */
export type Block = readonly PairedWindow[]

export type ContestVerdict = 'better' | 'worse' | 'undecided'

export interface Contest {
  readonly verdict: ContestVerdict
  /** Why, in words. */
  readonly reason: string
  /** Lives with windows before a failure, and without. */
  readonly failures: number
  readonly healthy: number
  readonly windows: number
  /** Brier scores, failing and healthy windows weighing alike: 0 is perfect, 0.25 is always saying a half. */
  readonly champion: number
  readonly challenger: number
  /** Champion's minus challenger's, with the bounds between which 90 % of the resampled fleets lie. */
  readonly gain: number
  readonly gainLow: number
  readonly gainHigh: number
}

export interface ContestRules {
  /** Lives with a failure without which nothing is decided. */
  readonly leastFailures: number
  readonly resamples: number
  readonly seed: number
}

export const contestRules: ContestRules = { leastFailures: 5, resamples: 2_000, seed: 1 }

/**
 * Compares two models on windows whose outcome is known, by the Brier score (Brier 1950) of the failure probability.
 * Windows of one life say nearly the same, so whole lives are resampled (block bootstrap, Künsch 1989): a challenger is
 * better where it is so in 95 % of the fleets that could have been.
 */
export function contest(blocks: readonly Block[], rules = contestRules): Contest {
  const sums = blocks.filter((block) => block.length > 0).map(sumOf)
  const all = scoresOf(sums)
  const failures = sums.filter(({ failing }) => failing.windows > 0).length
  const healthy = sums.filter(({ calm }) => calm.windows > 0).length
  const windows = sums.reduce((sum, { failing, calm }) => sum + failing.windows + calm.windows, 0)
  const gains = failures > 0 && healthy > 0 ? resampledGains(sums, rules) : []
  const at = (share: number) => gains[Math.floor(share * (gains.length - 1))] ?? Number.NaN
  const measured = {
    failures,
    healthy,
    windows,
    champion: all.champion,
    challenger: all.challenger,
    gain: all.champion - all.challenger,
    gainLow: at(0.05),
    gainHigh: at(0.95),
  }
  return { ...measured, ...decide(measured, rules) }
}

function decide(
  { failures, healthy, gainLow, gainHigh }: Pick<Contest, 'failures' | 'healthy' | 'gainLow' | 'gainHigh'>,
  { leastFailures }: ContestRules,
): { verdict: ContestVerdict; reason: string } {
  if (failures < leastFailures)
    return {
      verdict: 'undecided',
      reason: `it has seen ${failures} of the ${leastFailures} failures that a decision needs`,
    }
  if (healthy === 0) return { verdict: 'undecided', reason: 'it has seen no life without a failure in sight' }
  if (gainLow > 0) return { verdict: 'better', reason: 'it forecasts better in 95 % of resampled fleets' }
  if (gainHigh < 0) return { verdict: 'worse', reason: 'it forecasts worse in 95 % of resampled fleets' }
  return { verdict: 'undecided', reason: 'the difference may be chance' }
}

interface Part {
  windows: number
  champion: number
  challenger: number
}

/** Squared errors of a block, added up. */
interface Sums {
  readonly failing: Part
  readonly calm: Part
}

function sumOf(block: Block): Sums {
  const sums = { failing: emptyPart(), calm: emptyPart() }
  for (const { champion, challenger, failing } of block) {
    const part = failing ? sums.failing : sums.calm
    const truth = failing ? 1 : 0
    part.windows += 1
    part.champion += (champion - truth) ** 2
    part.challenger += (challenger - truth) ** 2
  }
  return sums
}

const emptyPart = (): Part => ({ windows: 0, champion: 0, challenger: 0 })

/** Healthy windows are a thousand to one: unweighted, the failures would not count. */
function scoresOf(sums: readonly Sums[]): { champion: number; challenger: number } {
  const total = { failing: emptyPart(), calm: emptyPart() }
  for (const { failing, calm } of sums) {
    add(total.failing, failing)
    add(total.calm, calm)
  }
  const mean = (of: 'champion' | 'challenger') =>
    (total.failing[of] / total.failing.windows + total.calm[of] / total.calm.windows) / 2
  return { champion: mean('champion'), challenger: mean('challenger') }
}

function add(to: Part, part: Part): void {
  to.windows += part.windows
  to.champion += part.champion
  to.challenger += part.challenger
}

/** Ascending. A resample without a failing or without a healthy window says nothing and is drawn again. */
function resampledGains(sums: readonly Sums[], { resamples, seed }: ContestRules): number[] {
  const random = seededRandom(seed)
  const gains: number[] = []
  for (let tries = 0; gains.length < resamples && tries < 20 * resamples; tries++) {
    const drawn = sums.map(() => sums[Math.floor(random() * sums.length)]!)
    const { champion, challenger } = scoresOf(drawn)
    if (Number.isFinite(champion) && Number.isFinite(challenger)) gains.push(champion - challenger)
  }
  return gains.sort((a, b) => a - b)
}
