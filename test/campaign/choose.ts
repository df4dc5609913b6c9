import type { Random } from '../../edge/simulator/random.ts'
import type { Fault, FaultClass } from './faults/fault.ts'
import type { Plant } from './plant.ts'

/**
 * The faults of a round: one that is alone, or one of the process, one of its surroundings, or both at once; and up to
 * two devices beside it. `kinds` restricts the choice; then nothing else happens.
 */
export function chooseFaults<P extends Plant>(
  all: readonly Fault<P>[],
  plant: P,
  random: Random,
): Fault<P>[] {
  const possible = all.filter((fault) => fault.isPossible?.(plant) ?? true)
  const of = (wanted: FaultClass) => possible.filter((fault) => fault.class === wanted)
  const one = (from: Fault<P>[]) => (from.length === 0 ? [] : [random.pick(from)])
  // each kind is as likely as any other to be the round's first; the second is of the other class
  const main = one(possible.filter((fault) => fault.class !== 'device'))
  const other = {
    process: 'surroundings',
    surroundings: 'process',
    alone: undefined,
    device: undefined,
  } as const
  const beside = main[0] && other[main[0].class]
  const second = beside && random.chance(0.4) ? one(of(beside)) : []
  const first = one(of('device'))
  const devices = main.length === 0 || random.chance(0.6) ? first : []
  return [...main, ...second, ...devices]
}
