import { indexMaintenance, type Plant, quietPlant } from '../../alerts/policy/plant.ts'
import type { PolicySettings } from '../../alerts/policy/settings.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { MaintenanceWindow } from '../../core/maintenance.ts'
import type { BackendChoice } from '../../models/backend.ts'
import { compareStrategies, type StrategyCost } from '../../models/evaluation/maintenance/costs.ts'
import {
  type Demands,
  endsInFailure,
  type Judged,
  type JudgedTicket,
  judgeTickets,
  type ObservedLife,
  type OpenedTicket,
  type TicketFigures,
  ticketFigures,
} from '../../models/evaluation/maintenance/outcome.ts'
import { createScorer } from '../../models/scoring/scorer.ts'
import { timelineOf } from '../../models/training/labels/timeline.ts'
import type { DeviceHistory } from './history.ts'
import { createPlanner, type PlannerKind } from './planner.ts'
import { replayDevice } from './replayDevice.ts'
import { openTicketBook, type TicketBook } from './ticketBook.ts'

export interface BacktestOptions {
  readonly type: AssetType
  /** Name of the history for people. */
  readonly source: string
  readonly histories: readonly DeviceHistory[]
  /** Folder of the model's artifacts. */
  readonly modelFolder: string
  readonly policy: PolicySettings
  readonly planner: PlannerKind
  /** In which devices were worked on. */
  readonly maintenance?: readonly MaintenanceWindow[] | undefined
  readonly backend?: BackendChoice | undefined
}

/** A ticket that would have been opened. */
export interface BacktestTicket extends JudgedTicket {
  /** Predictions that it took in, the first included. */
  readonly predictions: number
  /** `lead` in the asset type's usage unit; null where no failure followed. */
  readonly leadUsage: number | null
}

/** A failure, and what told it. */
export interface BacktestFailure {
  readonly device: string
  readonly at: number
  readonly mode: string | null
  readonly outcome: 'found' | 'late' | 'early' | 'missed'
  readonly leadUsage: number | null
}

export interface BacktestResult {
  readonly assetType: string
  readonly source: string
  readonly model: string
  readonly backend: string
  readonly policy: PolicySettings
  readonly planner: PlannerKind
  readonly usageUnit: string
  readonly horizon: number
  /** Event time of the first and last reading, ms. */
  readonly from: number
  readonly until: number
  readonly devices: number
  readonly readings: number
  readonly windows: number
  readonly seconds: number
  /** In order of their opening. */
  readonly tickets: readonly BacktestTicket[]
  readonly failures: readonly BacktestFailure[]
  readonly figures: TicketFigures
  /** Tickets told as false or early per 1,000 usage units in which no failure was in sight. */
  readonly falsePerThousand: number | null
  readonly costs: readonly StrategyCost[]
}

/** Which tickets a model and a policy would have opened on a history, and what would have become of them. */
export async function runBacktest(
  options: BacktestOptions,
  onProgress?: (done: number, total: number) => void,
): Promise<BacktestResult> {
  const { type, histories, modelFolder, policy, planner, backend, maintenance = [] } = options
  const plant: Plant = { ...quietPlant, maintenance: indexMaintenance(maintenance) }
  const started = performance.now()
  const scorer = await createScorer({
    catalogue: new Map([[type.name, type]]),
    folders: { [type.name]: { champion: modelFolder } },
    ...(backend && { backend }),
  })
  const book = await openTicketBook()
  const opened: (OpenedTicket & { predictions: number })[] = []
  let windows = 0
  let model = ''
  try {
    for (const [i, history] of histories.entries()) {
      const { series, events, tickets, site } = history
      const hand = createPlanner(planner, series.device, book.tickets, tickets)
      for await (const step of replayDevice(series, events, { type, scorer, policy, plant, site })) {
        book.setTime(step.time)
        await hand.before(step)
        if (step.kind === 'event') continue
        windows += 1
        model = step.score.model
        if (step.decision.prediction) await book.tickets.raise(step.decision.prediction)
      }
      opened.push(...(await ticketsOf(book, series.device)))
      onProgress?.(i + 1, histories.length)
    }
    const backendName = scorer.metrics().backend
    const seconds = (performance.now() - started) / 1_000
    return { ...summarise(options, opened), model, backend: backendName, windows, seconds }
  } finally {
    await book.close()
    await scorer.close()
  }
}

async function ticketsOf({ tickets }: TicketBook, device: string) {
  const all = await tickets.list({ device, limit: Number.MAX_SAFE_INTEGER })
  return all.map(({ mode, openedAt, predictions }) => ({ device, mode, openedAt, predictions }))
}

type Counted = 'model' | 'backend' | 'windows' | 'seconds'

function summarise(
  { type, source, histories, policy, planner }: BacktestOptions,
  opened: readonly (OpenedTicket & { predictions: number })[],
): Omit<BacktestResult, Counted> {
  const lives = histories.flatMap(livesOf)
  const demands = demandsOf(type)
  const judged = judgeAll(lives, opened, demands)
  const usageOf = (ms: number) => (ms / type.cadenceMs) * type.usage.perSlot
  const predictionsOf = new Map(opened.map((t) => [keyOf(t), t.predictions]))
  const figures = ticketFigures(judged)
  const calm = lives.reduce((sum, life) => sum + calmTime(life, demands.horizon), 0)
  return {
    assetType: type.name,
    source,
    policy,
    planner,
    usageUnit: type.usage.unit,
    horizon: type.horizon,
    from: Math.min(...histories.map(({ series }) => series.times[0]!)),
    until: Math.max(...histories.map(({ series }) => series.times.at(-1)!)),
    devices: histories.length,
    readings: histories.reduce((sum, { series }) => sum + series.times.length, 0),
    tickets: [...judged.tickets]
      .sort((a, b) => a.openedAt - b.openedAt)
      .map((ticket) => ({
        ...ticket,
        predictions: predictionsOf.get(keyOf(ticket))!,
        leadUsage: ticket.lead === null ? null : usageOf(ticket.lead),
      })),
    failures: judged.failures.map(({ life, outcome, ticket }) => ({
      device: life.device,
      at: life.until,
      mode: life.mode,
      outcome,
      leadUsage: ticket?.lead == null ? null : usageOf(ticket.lead),
    })),
    figures,
    falsePerThousand: calm > 0 ? ((figures.false + figures.early) / usageOf(calm)) * 1_000 : null,
    costs: compareStrategies(lives, judged, { costsOf: costsIn(type), requiredLead: demands.requiredLead }),
  }
}

const keyOf = ({ device, mode, openedAt }: OpenedTicket) => `${device} ${mode} ${openedAt}`

/** The stretches between life events that readings cover. */
function livesOf({ series, events, tickets }: DeviceHistory): ObservedLife[] {
  const [first, last] = [series.times[0]!, series.times.at(-1)!]
  return timelineOf(events, tickets)
    .parts.map(({ after, until, end, mode, healthyUntil }) => ({
      device: series.device,
      // The window that ends with the very first reading belongs to it.
      from: Math.max(after, first - 1),
      until: end === 'running' || end === 'stopped' ? Math.min(until, last) : until,
      end,
      mode,
      healthyUntil,
    }))
    .filter(({ from, until }) => from < until && from < last)
}

/** With tickets of stretches in which nobody knows what the machine was. */
function judgeAll(lives: readonly ObservedLife[], opened: readonly OpenedTicket[], demands: Demands): Judged {
  const { tickets, failures } = judgeTickets(lives, opened, demands)
  const known = new Set(tickets.map(keyOf))
  const strangers = opened.filter((ticket) => !known.has(keyOf(ticket)))
  const undecided = strangers.map(({ device, mode, openedAt }) => ({
    device,
    mode,
    openedAt,
    lead: null,
    outcome: 'undecided' as const,
  }))
  return { failures, tickets: [...tickets, ...undecided] }
}

/** Time in which no failure lies within the horizon. */
const calmTime = (life: ObservedLife, horizon: number) =>
  Math.max(0, life.until - life.from - (endsInFailure(life) ? horizon : 0))

function demandsOf(type: AssetType): Demands {
  const ms = (usage: number) => (usage / type.usage.perSlot) * type.cadenceMs
  const leads = type.failureModes.map(({ requiredLead }) => requiredLead)
  const longest = Math.max(0, ...leads)
  return {
    horizon: ms(type.horizon),
    requiredLead: (mode) => ms(type.failureModes.find(({ name }) => name === mode)?.requiredLead ?? longest),
  }
}

/** Of a mode that is not known: the mean of all. */
function costsIn({ failureModes }: AssetType) {
  const mean = (pick: (mode: AssetType['failureModes'][number]) => number) =>
    failureModes.reduce((sum, mode) => sum + pick(mode), 0) / Math.max(1, failureModes.length)
  const usual = { planned: mean((m) => m.costPlanned), failure: mean((m) => m.costFailure) }
  return (name: string | null) => {
    const mode = failureModes.find((m) => m.name === name)
    return mode ? { planned: mode.costPlanned, failure: mode.costFailure } : usual
  }
}
