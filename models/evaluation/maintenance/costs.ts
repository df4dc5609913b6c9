import { endsInFailure, type Judged, type ObservedLife } from './outcome.ts'

export interface ModeCosts {
  /** Of a repair that was planned. */
  readonly planned: number
  /** Of a failure with its repair. */
  readonly failure: number
}

/** What a strategy cost over the observed time. */
export interface StrategyCost {
  readonly name: 'run to failure' | 'age replacement' | 'forewarn' | 'perfect predictor'
  readonly total: number
  /** Time that machines ran under it, ms. */
  readonly time: number
  /** Per day that a machine ran. */
  readonly perDay: number
  /** Of age replacement: the age at which it renews, ms; null where never is best. */
  readonly age?: number | null | undefined
}

export interface CostParts {
  readonly costsOf: (mode: string | null) => ModeCosts
  /** Notice that the repair of a mode needs, ms: a ticket's repair is done so long after it. */
  readonly requiredLead: (mode: string | null) => number
}

const day = 86_400_000

/**
 * Cost per day of four ways to maintain the same machines, by the renewal-reward theorem: what all lives cost over the
 * time that they lasted. A life that ended without a failure only counts as time. The first ticket in time brings a
 * planned repair after its required lead, which gives away what was left of the life; a false ticket costs a whole planned
 * repair that renews nothing. Age replacement (Barlow & Hunter 1960) renews at the age that would have been best in
 * hindsight on these very lives, which flatters it.
 */
export function compareStrategies(
  lives: readonly ObservedLife[],
  judged: Judged,
  parts: CostParts,
): StrategyCost[] {
  return [
    runToFailure(lives, parts),
    ageReplacement(lives, parts),
    forewarn(lives, judged, parts),
    perfect(lives, parts),
  ]
}

const lengthOf = ({ from, until }: ObservedLife) => until - from
const timeOf = (lives: readonly ObservedLife[]) => lives.reduce((sum, life) => sum + lengthOf(life), 0)

const strategy = (name: StrategyCost['name'], total: number, time: number): StrategyCost => ({
  name,
  total,
  time,
  perDay: time > 0 ? (total / time) * day : 0,
})

const sumOf = (lives: readonly ObservedLife[], cost: (life: ObservedLife) => number) =>
  lives.filter(endsInFailure).reduce((sum, life) => sum + cost(life), 0)

const runToFailure = (lives: readonly ObservedLife[], { costsOf }: CostParts) =>
  strategy(
    'run to failure',
    sumOf(lives, ({ mode }) => costsOf(mode).failure),
    timeOf(lives),
  )

/** Every machine is renewed at the last moment before it fails. */
const perfect = (lives: readonly ObservedLife[], { costsOf }: CostParts) =>
  strategy(
    'perfect predictor',
    sumOf(lives, ({ mode }) => costsOf(mode).planned),
    timeOf(lives),
  )

function ageReplacement(lives: readonly ObservedLife[], parts: CostParts): StrategyCost {
  let best: StrategyCost = { ...runToFailure(lives, parts), name: 'age replacement', age: null }
  for (const age of new Set(lives.filter(endsInFailure).map(lengthOf))) {
    const candidate = renewedAt(age - 1, lives, parts)
    if (candidate.perDay < best.perDay) best = candidate
  }
  return best
}

function renewedAt(age: number, lives: readonly ObservedLife[], { costsOf }: CostParts): StrategyCost {
  let [total, time] = [0, 0]
  for (const life of lives) {
    const { planned, failure } = costsOf(life.mode)
    time += Math.min(age, lengthOf(life))
    if (lengthOf(life) > age) total += planned
    else if (endsInFailure(life)) total += failure
  }
  return { ...strategy('age replacement', total, time), age }
}

function forewarn(
  lives: readonly ObservedLife[],
  { tickets, failures }: Judged,
  parts: CostParts,
): StrategyCost {
  const { costsOf, requiredLead } = parts
  let [total, time] = [0, timeOf(lives)]
  for (const { life, inTime } of failures) {
    const { planned, failure } = costsOf(life.mode ?? inTime?.mode ?? null)
    total += inTime ? planned : failure
    if (inTime) time -= life.until - (inTime.openedAt + requiredLead(life.mode ?? inTime.mode))
  }
  for (const { outcome, mode } of tickets) if (outcome === 'false') total += costsOf(mode).planned
  return strategy('forewarn', total, time)
}
