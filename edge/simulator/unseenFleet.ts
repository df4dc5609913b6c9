import { pumpCadenceMs } from './lives.ts'
import { unseenPumps } from './population.ts'
import { type PumpMode, pumpChannels, pumpModes, signatures } from './pumpFaults.ts'
import { createPump } from './pumpModel.ts'
import { createRandom, type Random } from './random.ts'

const hour = 3_600_000
const day = 24 * hour

/** A moment of the truth about a pump: what happened, when a fault first showed, when none was under way. */
export interface PumpMoment {
  readonly device: string
  readonly time: number
  readonly kind: 'first_sign' | 'failed' | 'repaired' | 'healthy'
  readonly mode?: string | undefined
  /** A failure that nothing foretells. */
  readonly sudden?: boolean | undefined
}

/** What will happen to one pump, before a reading of it is made. */
export interface PumpPlan {
  readonly device: string
  readonly seed: string
  readonly start: number
  readonly until: number
  readonly fate:
    | { readonly kind: 'wears'; readonly mode: PumpMode; readonly at: number }
    | { readonly kind: 'breaks'; readonly at: number }
    | { readonly kind: 'serviced'; readonly at: number }
    | { readonly kind: 'runs' }
}

/** Readings of a pump and what became of it. */
export interface PumpRecord {
  readonly device: string
  /** Event times, ms; no reading while the pump stands still or its gateway is cut off. */
  readonly times: Float64Array
  /** One array a channel in catalogue order. */
  readonly channels: readonly Float64Array[]
  readonly moments: readonly PumpMoment[]
}

/** A fifth of the pumps fails, a tenth of these at once: as often as a motor drops out for a cause outside the pump. */
const share = { failing: 0.2, sudden: 0.1, serviced: 1 / 3 } as const

/** No fault begins in the first days, and the slowest has failed before the end. */
const margins = { before: 3 * day, after: 8 * day } as const

/** The shortest fleet that can be planned, days. */
export const fewestDays = 14

/**
 * Which pumps wear out, break at once, are serviced for no fault's sake or just run. At most a fifth fails. A fleet of
 * a seed begins on a day of its own in the year. Throws RangeError below `fewestDays`.
 */
export function planUnseenFleet(seed: string | number, devices: number, days: number): PumpPlan[] {
  if (days < fewestDays) throw new RangeError(`a fleet lives ${fewestDays} days at least`)
  const random = createRandom(`unseen-${seed}/plan`)
  const start = Date.UTC(2025, 0, 1) + random.below(365) * day
  const failing = Math.floor(share.failing * devices)
  const sudden = Math.floor(share.sudden * failing)
  return Array.from({ length: devices }, (_, i) => ({
    device: `pump-${String(i + 1).padStart(3, '0')}`,
    seed: `unseen-${seed}`,
    start,
    until: start + days * day,
    fate: fateOf(i, { failing, sudden, start, days, random }),
  }))
}

interface Draw {
  readonly failing: number
  readonly sudden: number
  readonly start: number
  readonly days: number
  readonly random: Random
}

function fateOf(i: number, { failing, sudden, start, days, random }: Draw): PumpPlan['fate'] {
  const at = start + margins.before + random.next() * (days * day - margins.before - margins.after)
  if (i < sudden) return { kind: 'breaks', at }
  if (i < failing) return { kind: 'wears', mode: pumpModes[i % pumpModes.length]!, at }
  return random.chance(share.serviced) ? { kind: 'serviced', at } : { kind: 'runs' }
}

/** Hours that a pump stands still: after a failure until someone has mended it, and for a service. */
const standstill = { failure: [20, 70], service: [4, 10] } as const

/** Cut off from the network: days between, hours that it lasts. */
const cutOff = { meanGapDays: 20, hours: [0.5, 9] } as const

/** Lives the plan: the same plan gives the same record on every machine. */
export function recordOf({ device, seed, start, until, fate }: PumpPlan): PumpRecord {
  const random = createRandom(`${seed}/${device}/life`)
  const pump = createPump({ seed, id: device, population: unseenPumps })
  if (fate.kind === 'wears') pump.breakDown(fate.mode, fate.at)
  const ends =
    fate.kind === 'wears' ? pump.failureTime()! : fate.kind === 'runs' ? Number.POSITIVE_INFINITY : fate.at
  const [least, most] = fate.kind === 'serviced' ? standstill.service : standstill.failure
  const back = ends + hour * random.between(least, most)
  const isCutOff = createCutOffs(random)
  const rows: { time: number; values: Float64Array }[] = []
  let repaired = false
  for (let time = start; time < until; time += pumpCadenceMs) {
    const cut = isCutOff(time)
    if (time >= ends && time < back) continue
    if (time >= back && !repaired) {
      pump.repair()
      repaired = true
    }
    if (!cut) rows.push({ time, values: pump.step(time) })
  }
  return {
    device,
    times: Float64Array.from(rows, ({ time }) => time),
    channels: pumpChannels.map((_, c) => Float64Array.from(rows, ({ values }) => values[c]!)),
    moments: momentsOf(device, fate, { ends: Math.floor(ends), back: Math.ceil(back), until }),
  }
}

function momentsOf(
  device: string,
  fate: PumpPlan['fate'],
  { ends, back, until }: { ends: number; back: number; until: number },
): PumpMoment[] {
  const last: PumpMoment = { device, time: until, kind: 'healthy' }
  if (fate.kind === 'runs') return [last]
  const repaired: PumpMoment = { device, time: back, kind: 'repaired' }
  const after = back < until ? [repaired, last] : []
  if (fate.kind === 'serviced') return [{ device, time: ends, kind: 'healthy' }, ...after]
  if (fate.kind === 'breaks') return [{ device, time: ends, kind: 'failed', sudden: true }, ...after]
  const { mode } = fate
  return [
    { device, time: Math.ceil(fate.at), kind: 'first_sign', mode },
    { device, time: ends, kind: 'failed', mode, sudden: false },
    ...after,
  ]
}

function createCutOffs(random: Random): (time: number) => boolean {
  let next: number | undefined
  let until = 0
  return (time) => {
    next ??= time + random.exponential(cutOff.meanGapDays * day)
    if (time >= next) {
      until = time + random.between(...cutOff.hours) * hour
      next = until + random.exponential(cutOff.meanGapDays * day)
    }
    return time < until
  }
}

/** Longest time from first sign to failure that these pumps know, ms; a test holds that `margins.after` covers it. */
export const slowestFault = (): number =>
  Math.max(...pumpModes.map((mode) => signatures[mode].developHours[1])) *
  unseenPumps.faults.stretch[1] *
  hour

export const timeAfterFirstSign = margins.after
