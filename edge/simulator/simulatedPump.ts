import type { FailureMode } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { Episode } from './episode.ts'
import { isPumpMode, type PumpMode } from './pumpFaults.ts'
import { createPump } from './pumpModel.ts'

const hour = 3_600_000

/** The machine stands still while it is repaired: no reading comes, so its new life starts a new segment. */
export const repairHours = 4

/** What one slot of time brings. */
export type Happening =
  | { readonly kind: 'reading'; readonly values: Float64Array }
  | { readonly kind: 'failed'; readonly mode: string }
  | { readonly kind: 'standstill' }

/** A pump as the page may know it: a fault that nobody ordered stays hidden until it fails. */
export interface PumpView {
  readonly device: string
  readonly state: 'running' | 'breaking' | 'failed'
  readonly mode: string | null
  /** Event time at which this state began, ms. */
  readonly since: number
  /** What its failures and repairs have cost so far. */
  readonly cost: number
}

/** A pump with a biography: it runs, breaks, fails, stands still and is repaired. Time comes in as event time. */
export interface SimulatedPump {
  readonly device: string
  readonly site: string
  /** Lives on to `time`. A failure is told once; after it, and during a repair, the machine stands still. */
  advance(time: number): Happening
  /** Throws REQUEST_INVALID for a mode the catalogue does not know and for a pump that has failed. */
  break(mode: string, time: number, options: { ordered: boolean; developHours?: number | undefined }): void
  /** Makes it healthy; books the planned cost when a fault was on its way. */
  repair(time: number): void
  view(): PumpView
  /** Whether no fault is under way and none has ended in failure. */
  isHealthy(): boolean
  /** The truth: every fault of its life so far, oldest first. */
  episodes(): readonly Episode[]
}

/** An episode while it is being written. */
type Course = { -readonly [K in keyof Episode]: Episode[K] }

interface PumpOptions {
  readonly seed: string | number
  readonly device: string
  readonly site: string
  readonly failureModes: readonly FailureMode[]
  /** Event time at which the simulation begins. */
  readonly start: number
}

export function createSimulatedPump({ seed, device, site, failureModes, start }: PumpOptions): SimulatedPump {
  const pump = createPump({ seed, id: device })
  const episodes: Course[] = []
  let running: Course | undefined
  let failed = false
  let standsUntil = Number.NEGATIVE_INFINITY
  let since = start
  let cost = 0

  const catalogued = (mode: string): FailureMode & { name: PumpMode } => {
    const found = failureModes.find((m) => m.name === mode)
    if (found && isPumpMode(mode)) return { ...found, name: mode }
    const known = failureModes.map((m) => m.name).join(', ')
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `a pump has no failure mode ${mode}; there are ${known}`,
    })
  }
  const finish = (outcome: Episode['outcome'], time: number) => {
    if (!running) return
    running.outcome = outcome
    running.endedAt = time
  }

  return {
    device,
    site,
    advance(time) {
      if (failed || time < standsUntil) return { kind: 'standstill' }
      if (!running || time < running.failureAt) return { kind: 'reading', values: pump.step(time) }
      finish('failed', running.failureAt)
      failed = true
      since = running.failureAt
      cost += catalogued(running.mode).costFailure
      return { kind: 'failed', mode: running.mode }
    },
    break(mode, time, { ordered, developHours }) {
      const { name } = catalogued(mode)
      if (failed) {
        throw new ForewarnError('REQUEST_INVALID', { problem: `${device} has failed; repair it first` })
      }
      finish('superseded', time)
      pump.breakDown(name, time, developHours)
      const failureAt = pump.failureTime()!
      running = { device, mode, ordered, brokenAt: time, failureAt, outcome: 'developing', endedAt: null }
      episodes.push(running)
      if (ordered) since = time
    },
    repair(time) {
      if (running && !failed) {
        finish('repaired', time)
        cost += catalogued(running.mode).costPlanned
      }
      pump.repair()
      if (running) standsUntil = time + repairHours * hour
      running = undefined
      failed = false
      since = time
    },
    view() {
      const known = failed || running?.ordered ? running : undefined
      const state = failed ? 'failed' : known ? 'breaking' : 'running'
      return { device, state, mode: known?.mode ?? null, since, cost }
    },
    isHealthy: () => running === undefined,
    episodes: () => episodes,
  }
}
