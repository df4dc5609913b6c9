import { raisesOf } from '../../alerts/policy/budget/replayScores.ts'
import { gridWith, type Tried } from '../../alerts/policy/budget/threshold.ts'
import { renews } from '../../alerts/policy/judge.ts'
import { covers, indexMaintenance, type Place, type Plant } from '../../alerts/policy/plant.ts'
import { type PolicySettings, stopMs } from '../../alerts/policy/settings.ts'
import { withRaiseAt } from '../../alerts/settings/inForce.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { Device, LifeEvent } from '../../core/device.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { Maintenance, TelemetryStore } from '../../core/ports.ts'
import {
  type Judged,
  judgeTickets,
  type ObservedLife,
  type TicketOutcome,
  ticketFigures,
} from '../../models/evaluation/maintenance/outcome.ts'
import { timelineOf } from '../../models/training/labels/timeline.ts'
import { demandsOf } from '../backtest/demands.ts'
import { type LivesParts, scoresOf } from '../referee/lives.ts'

/** A ticket that a threshold would have opened. */
export interface TriedTicket {
  readonly device: string
  /** Window end, ms. */
  readonly at: number
  /** As the nearest real ticket of the device suspected; null without one: stored scores keep no suspicion. */
  readonly mode: string | null
  readonly outcome: TicketOutcome
  /** Until the failure, usage units; null where none followed. */
  readonly lead: number | null
}

/** A failure that life events or a planner's verdict tell of, and what would have told it. */
export interface TriedFailure {
  readonly device: string
  readonly at: number
  readonly mode: string | null
  readonly outcome: 'found' | 'late' | 'early' | 'missed'
}

/** What one threshold would have brought. */
export interface TriedThreshold extends Tried {
  readonly clearBelow: number
  readonly raised: number
  /** The most in one week, counted back from the end. */
  readonly busiestWeek: number
  /** Tickets that a failure followed within the horizon, or later (`early`), or not at all (`false`). */
  readonly right: number
  readonly early: number
  readonly false: number
  readonly undecided: number
  /** Failures told in time, too late, only before the horizon, not at all. */
  readonly found: number
  readonly late: number
  readonly toldEarly: number
  readonly missed: number
  /** The newest 200, newest first. */
  readonly tickets: readonly TriedTicket[]
  readonly failures: readonly TriedFailure[]
}

export interface ScoreReplay {
  readonly assetType: string
  /** Window ends of the first and the last score, ms; 0 without any. */
  readonly from: number
  readonly until: number
  readonly days: number
  readonly devices: number
  readonly scores: number
  readonly seconds: number
  /** In rising order. */
  readonly rows: readonly TriedThreshold[]
}

export interface ReplayParts extends LivesParts {
  readonly telemetry: Pick<TelemetryStore, 'latest'>
  readonly maintenance: Pick<Maintenance, 'list'>
}

export interface ReplayOptions {
  /** The settings in force: one of the thresholds is theirs, and all keep their hysteresis and persistence. */
  readonly settings: PolicySettings
  readonly historyDays: number
  readonly signal?: AbortSignal | undefined
}

const dayMs = 86_400_000
const weekMs = 7 * dayMs
/** Scores that are replayed at most: some minutes of work. */
const mostScores = 20_000_000
const mostListed = 200

/**
 * Judges the stored scores of the last days at every threshold of the grid, one device after the other, so that one
 * device's scores are in memory at a time. Each raise counts as a ticket: the replay does not know of tickets that were
 * open already, of parents or of disturbances across a site. Throws BUDGET_TOO_LARGE, and the signal's reason once that
 * is aborted.
 */
export async function replayScores(
  type: AssetType,
  parts: ReplayParts,
  { settings, historyDays, signal }: ReplayOptions,
): Promise<ScoreReplay> {
  const started = performance.now()
  const devices = (await parts.register.list()).filter(({ assetType }) => assetType === type.name)
  const muted = mutes(indexMaintenance(await parts.maintenance.list()), stopMs(settings))
  assertSmall(type, devices.length, historyDays)
  const latest = await parts.telemetry.latest(type.name)
  const until = latest.time.reduce((newest, time) => Math.max(newest, time), 0)
  const thresholds = gridWith(settings.raiseAt).map((raiseAt) => withRaiseAt(settings, raiseAt))
  const tallies = thresholds.map(() => new Tally())
  const seen = { from: Number.POSITIVE_INFINITY, until: 0, devices: 0, scores: 0 }
  for (const device of devices) {
    signal?.throwIfAborted()
    const history = await historyOf(type, device, { ...parts, muted }, until - historyDays * dayMs, until + 1)
    if (history === undefined) continue
    const { times } = history
    seen.from = Math.min(seen.from, times[0]!)
    seen.until = Math.max(seen.until, times.at(-1)!)
    seen.devices += 1
    seen.scores += times.length
    for (const [i, one] of thresholds.entries())
      tallies[i]!.add(judgedAt(history, raisesOf(history, type, one), type))
  }
  const from = seen.devices === 0 ? 0 : seen.from
  const span = Math.max(type.cadenceMs, seen.until - from)
  return {
    assetType: type.name,
    from,
    until: seen.until,
    days: seen.devices === 0 ? 0 : span / dayMs,
    devices: seen.devices,
    scores: seen.scores,
    rows: thresholds.map((one, i) => tallies[i]!.row(one, seen.until, span, type)),
    seconds: (performance.now() - started) / 1_000,
  }
}

function assertSmall({ name, cadenceMs, window }: AssetType, devices: number, days: number): void {
  const scores = Math.ceil((devices * days * dayMs) / (cadenceMs * window.stride))
  if (scores > mostScores)
    throw new ForewarnError('BUDGET_TOO_LARGE', { assetType: name, scores, most: mostScores })
}

type Known = NonNullable<Awaited<ReturnType<typeof historyOf>>>

/** Scores of a device in [from, to) and what is known of its life; undefined without a score. */
async function historyOf(
  type: AssetType,
  { device, site }: Device,
  parts: LivesParts & { readonly muted: Muted },
  from: number,
  to: number,
) {
  const assetType = type.name
  const all = await scoresOf(parts, { assetType, device, role: 'champion' }, from, to)
  const events = await parts.register.events(device)
  // A muted window counts neither for nor against, as if it had not been.
  const isMuted = parts.muted(events)
  const scores = all.filter(({ windowEnd }) => !isMuted({ device, site, assetType, windowEnd }))
  if (scores.length === 0) return undefined
  const tickets = await parts.tickets.list({ device, limit: Number.MAX_SAFE_INTEGER })
  const [first, last] = [scores[0]!.windowEnd, scores.at(-1)!.windowEnd]
  const lives: ObservedLife[] = timelineOf(events, tickets)
    .parts.map(({ after, until, end, mode, healthyUntil }) => ({
      device,
      from: Math.max(after, first - 1),
      until: end === 'running' || end === 'stopped' ? Math.min(until, last) : until,
      end,
      mode,
      healthyUntil,
    }))
    .filter((life) => life.from < Math.min(life.until, last))
  return {
    device,
    times: Float64Array.from(scores, ({ windowEnd }) => windowEnd),
    probabilities: Float64Array.from(scores, ({ failureProbability }) => failureProbability),
    renewals: events.filter(({ kind }) => renews(kind)).map(({ time }) => time),
    lives,
    tickets,
  }
}

type Muted = (events: readonly LifeEvent[]) => (place: Place) => boolean

/** Whether maintenance or a planned stop muted a window: a stop lasts so long, or until the device is renewed. */
const mutes =
  (maintenance: Plant['maintenance'], stop: number): Muted =>
  (events) => {
    const stops = events
      .filter(({ kind }) => kind === 'planned_stop')
      .map(({ time }) => {
        const renewal = events.find((event) => renews(event.kind) && event.time >= time)
        return { from: time, to: Math.min(time + stop, renewal?.time ?? Number.POSITIVE_INFINITY) }
      })
    return (place) => stops.some((one) => covers(one, place.windowEnd)) || maintenance(place) !== undefined
  }

interface DeviceResult {
  readonly judged: Judged
  readonly tickets: readonly TriedTicket[]
}

function judgedAt(history: Known, raises: readonly number[], type: AssetType): DeviceResult {
  const { device, lives } = history
  const demands = demandsOf(type)
  const opened = raises.map((openedAt) => ({
    device,
    mode: modeAt(history, openedAt, demands.horizon) ?? '',
    openedAt,
  }))
  const judged = judgeTickets(lives, opened, demands)
  const known = new Map(judged.tickets.map((ticket) => [ticket.openedAt, ticket]))
  const tickets = opened.map(({ openedAt: at, mode }) => {
    // Where nobody knows what the machine was, nobody knows whether the ticket was right.
    const { outcome = 'undecided' as const, lead = null } = known.get(at) ?? {}
    return {
      device,
      at,
      mode: mode === '' ? null : mode,
      outcome,
      lead: lead === null ? null : (lead / type.cadenceMs) * type.usage.perSlot,
    }
  })
  return { judged, tickets }
}

/** What the device's real ticket nearest in time suspects, within a horizon. */
function modeAt({ tickets }: Known, at: number, horizon: number): string | null {
  const distance = (ticket: Known['tickets'][number]) => Math.abs(ticket.prediction.raisedAt - at)
  const [nearest] = [...tickets].sort((a, b) => distance(a) - distance(b))
  return nearest && distance(nearest) <= horizon ? nearest.mode : null
}

/** Adds up what the devices brought. */
class Tally {
  private readonly tickets: TriedTicket[] = []
  private readonly judged: { tickets: Judged['tickets'][number][]; failures: Judged['failures'][number][] } =
    {
      tickets: [],
      failures: [],
    }

  add({ judged, tickets }: DeviceResult): void {
    this.tickets.push(...tickets)
    this.judged.tickets.push(...judged.tickets)
    this.judged.failures.push(...judged.failures)
  }

  row({ raiseAt, clearBelow }: PolicySettings, until: number, span: number, type: AssetType): TriedThreshold {
    const { tickets, judged } = this
    const figures = ticketFigures(judged)
    const count = (outcome: TicketOutcome) => tickets.filter((one) => one.outcome === outcome).length
    return {
      raiseAt,
      clearBelow,
      raised: tickets.length,
      perWeek: tickets.length / (Math.max(span, type.cadenceMs) / weekMs),
      busiestWeek: busiest(tickets, until),
      right: count('found') + count('late'),
      early: count('early'),
      false: count('false'),
      undecided: count('undecided'),
      found: figures.found,
      late: figures.late,
      toldEarly: figures.toldEarly,
      missed: figures.missed,
      tickets: newest(tickets),
      failures: newest(
        judged.failures.map(({ life, outcome }) => ({
          device: life.device,
          at: life.until,
          mode: life.mode,
          outcome,
        })),
      ),
    }
  }
}

const newest = <T extends { readonly at: number }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => b.at - a.at).slice(0, mostListed)

function busiest(tickets: readonly TriedTicket[], until: number): number {
  const weeks = new Map<number, number>()
  for (const { at } of tickets) {
    const week = Math.floor((until - at) / weekMs)
    weeks.set(week, (weeks.get(week) ?? 0) + 1)
  }
  return Math.max(0, ...weeks.values())
}
