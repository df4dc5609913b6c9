import { percentile } from '../../../models/evaluation/alarms.ts'
import type { FleetFailure, FleetTicket, JudgedDevice } from './outcome.ts'

const hour = 3_600_000
const month = 30 * 24 * hour

/** Counts of one device, or of many. */
export interface Tally {
  readonly right: number
  readonly late: number
  readonly early: number
  readonly false: number
  readonly repeated: number
  readonly undecided: number
  /** Failures that are not sudden. */
  readonly failures: number
  readonly found: number
}

export function tally({ tickets, failures }: JudgedDevice): Tally {
  const count = (outcome: FleetTicket['outcome']) => tickets.filter((t) => t.outcome === outcome).length
  const foreseeable = failures.filter(({ sudden }) => !sudden)
  return {
    right: count('right'),
    late: count('late'),
    early: count('early'),
    false: count('false'),
    repeated: count('repeated'),
    undecided: count('undecided'),
    failures: foreseeable.length,
    found: foreseeable.filter(({ outcome }) => outcome === 'found').length,
  }
}

/** A share with its 95 % interval (Wilson 1927, which holds its level near 0 and 1); null of nothing. */
export interface Share {
  readonly value: number
  readonly low: number
  readonly high: number
}

export function shareOf(part: number, whole: number): Share | null {
  if (whole === 0) return null
  const z = 1.96
  const p = part / whole
  const spread = (z * Math.sqrt((p * (1 - p)) / whole + (z / (2 * whole)) ** 2)) / (1 + z ** 2 / whole)
  const centre = (p + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole)
  return { value: p, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) }
}

export interface ModeFigures {
  readonly failures: number
  readonly found: number
  /** Of the found ones, the right ticket named the mode. */
  readonly named: number
  /** Median lead of the right tickets, hours; null without any. */
  readonly leadMedian: number | null
}

/** What the tickets of a fleet come to; see `outcome.ts` for the terms. */
export interface FleetFigures extends Tally {
  readonly tickets: number
  readonly precision: Share | null
  readonly recall: Share | null
  /** Right tickets that came within the horizon: the stricter reading of the ticket's own claim. */
  readonly rightWithinHorizon: number
  /** Hours from the right tickets to the failures. */
  readonly lead: {
    readonly p10: number
    readonly median: number
    readonly p90: number
    /** Right tickets by lead, in bins of 12 hours: `[0]` below 12 h. */
    readonly histogram: readonly number[]
  } | null
  /** Tickets that were false, late or early, per device and 30 days of its readings. */
  readonly wrongPerDeviceMonth: number
  readonly falsePerDeviceMonth: number
  readonly byMode: Readonly<Record<string, ModeFigures>>
  /** Failures that nothing foretells: how many, and how many false tickets happened to come before one. */
  readonly sudden: { readonly failures: number; readonly tickets: number }
}

export interface WatchedDevice extends JudgedDevice {
  /** Time that its readings cover, ms. */
  readonly watched: number
}

const binHours = 12

/** `horizon` in ms. */
export function fleetFigures(devices: readonly WatchedDevice[], horizon: number): FleetFigures {
  const tickets = devices.flatMap((device) => device.tickets)
  const failures = devices.flatMap((device) => device.failures)
  const counts = tally({ tickets, failures })
  const right = tickets.filter(({ outcome }) => outcome === 'right')
  const wrong = counts.late + counts.early + counts.false
  const months = devices.reduce((sum, { watched }) => sum + watched, 0) / month
  return {
    ...counts,
    tickets: tickets.length,
    precision: shareOf(counts.right, counts.right + wrong),
    recall: shareOf(counts.found, counts.failures),
    rightWithinHorizon: right.filter(({ lead }) => lead! <= horizon).length,
    lead: leadsOf(right),
    wrongPerDeviceMonth: months > 0 ? wrong / months : 0,
    falsePerDeviceMonth: months > 0 ? counts.false / months : 0,
    byMode: modesOf(failures, right),
    sudden: {
      failures: failures.filter(({ sudden }) => sudden).length,
      tickets: suddenTickets(failures, tickets),
    },
  }
}

const hoursOf = (tickets: readonly FleetTicket[]) =>
  tickets.map(({ lead }) => lead! / hour).sort((a, b) => a - b)

function leadsOf(right: readonly FleetTicket[]): FleetFigures['lead'] {
  if (right.length === 0) return null
  const leads = hoursOf(right)
  const bins = 1 + Math.floor(leads.at(-1)! / binHours)
  const histogram = Array.from(
    { length: bins },
    (_, bin) => leads.filter((lead) => Math.floor(lead / binHours) === bin).length,
  )
  return {
    p10: percentile(leads, 0.1),
    median: percentile(leads, 0.5),
    p90: percentile(leads, 0.9),
    histogram,
  }
}

function modesOf(failures: readonly FleetFailure[], right: readonly FleetTicket[]): FleetFigures['byMode'] {
  const foreseeable = failures.filter(({ sudden }) => !sudden)
  const modes = [...new Set(foreseeable.map(({ mode }) => mode ?? 'unknown'))].sort()
  return Object.fromEntries(
    modes.map((mode): [string, ModeFigures] => {
      const own = foreseeable.filter((failure) => (failure.mode ?? 'unknown') === mode)
      const told = right.filter((ticket) => (ticket.trueMode ?? 'unknown') === mode)
      return [
        mode,
        {
          failures: own.length,
          found: own.filter(({ outcome }) => outcome === 'found').length,
          named: told.filter((ticket) => ticket.mode === mode).length,
          leadMedian: told.length === 0 ? null : percentile(hoursOf(told), 0.5),
        },
      ]
    }),
  )
}

function suddenTickets(failures: readonly FleetFailure[], tickets: readonly FleetTicket[]): number {
  const sudden = failures.filter((failure) => failure.sudden)
  return tickets.filter(({ device, openedAt, lead }) =>
    sudden.some((failure) => failure.device === device && lead !== null && openedAt + lead === failure.time),
  ).length
}
