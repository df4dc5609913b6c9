import type { AssetType } from '../../../core/catalogue.ts'
import { type PumpRecord, planUnseenFleet, recordOf } from '../../../edge/simulator/unseenFleet.ts'
import { type Tally, tally } from './figures.ts'
import { catalogueLimits, type FixedLimits, limitTickets } from './fixedLimits.ts'
import { judgeDevice } from './outcome.ts'
import { lifeEventsOf, trueLives } from './truth.ts'

/** Fleets on which limits are chosen; no seed of a report may be among them. */
export const tuningSeeds: readonly number[] = [101, 102]

/** Shares of the healthy readings of a channel that may lie above its upper limit, and below its lower one. */
const tails = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 0] as const

/** Persistence, k of n: a quarter of an hour to half a day. */
const persistence = [
  [1, 1],
  [3, 4],
  [6, 8],
  [12, 18],
  [24, 36],
  [48, 72],
] as const

/** Every so many readings of healthy pumps are kept to set limits by. */
const sampled = 6

/**
 * The best that fixed limits can do: on fleets of the same make, with other seeds, each sensor's limits are set where a
 * share of the healthy readings lies outside, as an engineer sets them from history, and share and persistence (and the
 * catalogue's normal ranges) are tried; the setting with the best F1 at the required lead wins.
 */
export function tuneLimits(type: AssetType, devices: number, days: number): FixedLimits {
  const plans = tuningSeeds.flatMap((seed) => planUnseenFleet(seed, devices, days))
  const healthy = type.channels.map((): number[] => [])
  for (const plan of plans) if (plan.fate.kind === 'runs') sample(recordOf(plan), healthy)
  const columns = healthy.map((values) => Float64Array.from(values).sort())
  const candidates = persistence.flatMap(([k, n]) => [
    catalogueLimits(type, k, n),
    ...tails.map(
      (tail): FixedLimits => ({ name: nameOf(tail), limits: limitsAt(type, columns, tail), k, n }),
    ),
  ])
  const tallies = candidates.map((): Tally[] => [])
  for (const plan of plans) {
    const { device, times, channels, moments } = recordOf(plan)
    const lives = trueLives(device, moments, [times[0]!, times.at(-1)!])
    candidates.forEach((limits, i) => {
      const opened = limitTickets({ device, times, channels, rul: null }, lifeEventsOf(moments), limits)
      tallies[i]!.push(tally(judgeDevice(type, lives, opened)))
    })
  }
  const scores = tallies.map(f1)
  return candidates[scores.indexOf(Math.max(...scores))]!
}

const nameOf = (tail: number) =>
  tail === 0 ? 'extremes of healthy readings' : `${100 * tail} % of healthy readings outside, each side`

function sample({ channels }: PumpRecord, into: readonly number[][]): void {
  channels.forEach((values, c) => {
    for (let row = 0; row < values.length; row += sampled) into[c]!.push(values[row]!)
  })
}

const limitsAt = (type: AssetType, columns: readonly Float64Array[], tail: number): FixedLimits['limits'] =>
  type.channels.map(({ role }, c) => {
    const sorted = columns[c]!
    if (role !== 'sensor' || sorted.length === 0) return null
    const place = Math.floor(tail * (sorted.length - 1))
    return [sorted[place]!, sorted[sorted.length - 1 - place]!]
  })

/** Harmonic mean of precision and recall; 0 where nothing was right. */
function f1(tallies: readonly Tally[]): number {
  const sum = (of: (t: Tally) => number) => tallies.reduce((total, t) => total + of(t), 0)
  const found = sum((t) => t.found)
  const right = sum((t) => t.right)
  if (found === 0 || right === 0) return 0
  const precision = right / sum((t) => t.right + t.late + t.early + t.false)
  const recall = found / sum((t) => t.failures)
  return (2 * precision * recall) / (precision + recall)
}
