import type { AssetType } from '../../../core/catalogue.ts'
import type { Config } from '../../../core/config.ts'
import { planUnseenFleet } from '../../../edge/simulator/unseenFleet.ts'
import type { BackendChoice } from '../../../models/backend.ts'
import type { DeviceSeries } from '../../../models/training/series.ts'
import { type FleetFigures, fleetFigures } from './figures.ts'
import { catalogueLimits, type FixedLimits } from './fixedLimits.ts'
import { type Judges, openJudges } from './judges.ts'
import type { FleetFailure, FleetTicket } from './outcome.ts'
import type { DeviceResult, Judged, Subject } from './protocol.ts'
import type { TruthMoment } from './truth.ts'

export interface FleetParts {
  readonly type: AssetType
  readonly modelFolder: string
  readonly policy: Config['policy']
  readonly backend: BackendChoice
  /** Threads that judge side by side; the figures do not depend on it. */
  readonly threads: number
}

/** A fleet, or all of them together. */
export interface JudgedFleet {
  /** `1` for the fleet of seed 1; a file's name. */
  readonly name: string
  readonly devices: number
  readonly readings: number
  readonly windows: number
  readonly forewarn: FleetFigures
  readonly rule: FleetFigures
  /** Every ticket of forewarn and every failure, in order of time: what the figures are made of. */
  readonly tickets: readonly FleetTicket[]
  readonly failures: readonly FleetFailure[]
}

export interface FleetResult extends Judged {
  readonly assetType: string
  readonly policy: Config['policy']
  /** The rule that stands beside. */
  readonly rule: FixedLimits
  /** What was looked at, for people. */
  readonly source: string
  readonly days: number
  readonly fleets: readonly JudgedFleet[]
  /** All fleets together; without the lists, which stand with the fleets. */
  readonly pooled: Omit<JudgedFleet, 'tickets' | 'failures'>
  readonly aims: {
    readonly precision: number
    readonly recall: number
    readonly met: boolean
    /** A rule that is above .8 / .8 needs no model: the fleet is too easy to show anything. */
    readonly tooEasy: boolean
  }
  readonly seconds: number
}

export interface Unseen {
  readonly seeds: readonly number[]
  readonly devices: number
  readonly days: number
}

export type OnFleet = (step: string, share: number) => void

export const fleetAims = { precision: 0.9, recall: 0.95, tooEasy: 0.8 } as const

const day = 86_400_000

/** Judges the model on simulated fleets that no model was trained on, beside the best fixed limits. */
export async function judgeUnseenFleets(
  { seeds, devices, days }: Unseen,
  parts: FleetParts,
  onStep: OnFleet = () => undefined,
): Promise<FleetResult> {
  const started = performance.now()
  const fleets = seeds.map((seed) => ({
    name: String(seed),
    subjects: planUnseenFleet(seed, devices, days).map((plan): Subject => ({ plan })),
  }))
  return withJudges(parts, async (judges) => {
    onStep('limits of the rule', 0)
    const limits = await judges.tune(devices, days)
    const judged = await judgeAll(judges, fleets, limits, parts.type, onStep)
    const source = `simulated pumps, ${devices} a fleet, ${days} days, seeds ${seeds.join(', ')}`
    return resultOf(parts, judges, { source, days, limits, judged, started })
  })
}

/** A fleet from files. */
export interface RecordedFleet {
  readonly name: string
  readonly series: readonly DeviceSeries[]
  readonly truth: readonly TruthMoment[]
}

/** Judges the model on a fleet that was recorded, beside the catalogue's normal ranges: there is no other fleet to tune on. */
export async function judgeRecordedFleet(
  { name, series, truth }: RecordedFleet,
  parts: FleetParts,
  onStep: OnFleet = () => undefined,
): Promise<FleetResult> {
  const started = performance.now()
  const subjects = series
    .toSorted((a, b) => (a.device < b.device ? -1 : 1))
    .map((one): Subject => ({ series: one, truth: truth.filter(({ device }) => device === one.device) }))
  const limits = catalogueLimits(parts.type, parts.policy.k, parts.policy.n)
  const first = Math.min(...series.map(({ times }) => times[0]!))
  const last = Math.max(...series.map(({ times }) => times.at(-1)!))
  return withJudges(parts, async (judges) => {
    const judged = await judgeAll(judges, [{ name, subjects }], limits, parts.type, onStep)
    return resultOf(parts, judges, { source: name, days: (last - first) / day, limits, judged, started })
  })
}

async function withJudges<T>({ threads, ...start }: FleetParts, work: (judges: Judges) => Promise<T>) {
  const judges = await openJudges(start, threads)
  try {
    return await work(judges)
  } finally {
    await judges.close()
  }
}

interface Fleet {
  readonly name: string
  readonly subjects: readonly Subject[]
}

interface JudgedDevices {
  readonly name: string
  readonly results: readonly DeviceResult[]
}

async function judgeAll(
  judges: Judges,
  fleets: readonly Fleet[],
  limits: FixedLimits,
  type: AssetType,
  onStep: OnFleet,
): Promise<{ fleets: JudgedFleet[]; pooled: FleetResult['pooled'] }> {
  const total = fleets.reduce((sum, { subjects }) => sum + subjects.length, 0)
  const judged: JudgedDevices[] = []
  let done = 0
  for (const { name, subjects } of fleets) {
    const results = await judges.judge(subjects, limits, () => {
      done += 1
      onStep(`fleet ${name}`, done / total)
    })
    judged.push({ name, results })
  }
  const everything = { name: 'all', results: judged.flatMap(({ results }) => results) }
  const { tickets: _, failures: __, ...pooled } = summed(everything, type)
  return { fleets: judged.map((fleet) => summed(fleet, type)), pooled }
}

function summed({ name, results }: JudgedDevices, type: AssetType): JudgedFleet {
  const horizon = (type.horizon / type.usage.perSlot) * type.cadenceMs
  const own = results.map(({ forewarn }) => forewarn)
  return {
    name,
    devices: results.length,
    readings: results.reduce((sum, { readings }) => sum + readings, 0),
    windows: results.reduce((sum, { windows }) => sum + windows, 0),
    forewarn: fleetFigures(own, horizon),
    rule: fleetFigures(
      results.map(({ rule }) => rule),
      horizon,
    ),
    tickets: own.flatMap(({ tickets }) => tickets).sort((a, b) => a.openedAt - b.openedAt),
    failures: own.flatMap(({ failures }) => failures).sort((a, b) => a.time - b.time),
  }
}

interface Finished {
  readonly source: string
  readonly days: number
  readonly limits: FixedLimits
  readonly judged: { readonly fleets: readonly JudgedFleet[]; readonly pooled: FleetResult['pooled'] }
  readonly started: number
}

function resultOf(
  { type, policy }: FleetParts,
  { model, backend }: Judged,
  { source, days, limits, judged, started }: Finished,
): FleetResult {
  const { precision, recall } = judged.pooled.forewarn
  const { rule } = judged.pooled
  const { precision: wanted, recall: demanded, tooEasy } = fleetAims
  const above = (share: typeof precision, bar: number) => share !== null && share.value >= bar
  return {
    assetType: type.name,
    model,
    backend,
    policy,
    rule: limits,
    source,
    days,
    ...judged,
    aims: {
      precision: wanted,
      recall: demanded,
      met: above(precision, wanted) && above(recall, demanded),
      tooEasy: above(rule.precision, tooEasy) && above(rule.recall, tooEasy),
    },
    seconds: (performance.now() - started) / 1_000,
  }
}
