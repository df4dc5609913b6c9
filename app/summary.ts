import type { DeviceState } from '../alerts/http/deps.ts'
import type { Summary } from '../alerts/http/schemas/index.ts'
import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { PredictionQueue, TelemetryStore, TicketStore } from '../core/ports.ts'
import type { Board, IngestAccount, Publisher, ScoreAccount } from './accounts.ts'
import type { Seen } from './look.ts'

export type QueueCounts = Awaited<ReturnType<PredictionQueue['counts']>>

export interface SummaryParts {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly board: Board
  readonly telemetry: Pick<TelemetryStore, 'counts'>
  readonly tickets: TicketStore
  readonly queue: () => Promise<Seen<QueueCounts>>
  readonly publisher: Publisher | undefined
  states(): ReadonlyMap<string, DeviceState>
  health(): Promise<Summary['health']>
}

/**
 * The installation at one look. `stored` comes from a query of the store and `sent` from the publisher, never from one
 * counter twice; `inLog` is what the logs hold behind the store's cursor.
 */
export function createSummary(parts: SummaryParts): () => Promise<Summary> {
  const { clock, board, tickets, queue, publisher } = parts
  return async () => {
    // Asked for first: what is counted later in the journey is then never less than what was counted here.
    const sent = publisher?.sent() ?? null
    const processes = await board.all()
    const ingest = ingestTotals(
      processes.flatMap((one) => one.ingest ?? []),
      processes.flatMap((one) => (one.gone ? [] : (one.ingest ?? []))),
    )
    const devices = [...parts.states().values()]
    const scored = devices.filter((d) => d.state.state === 'scored').length
    return {
      now: clock.now(),
      startedAt: Math.min(...processes.map((one) => one.startedAt)),
      devices: { known: devices.length, scored, notScored: devices.length - scored },
      messages: ingest.messages,
      readings: {
        ...(await lossEquation(parts, ingest, sent)),
        accepted: ingest.accepted,
        valuesRejected: ingest.valuesRejected,
      },
      deadLetters: ingest.deadLetters.byReason,
      log: ingest.log,
      ackLatencyMs: ingest.ackLatencyMs,
      store: ingest.store,
      queue: (await queue()).value,
      scoring: scoreTotals(processes.flatMap((one) => one.score ?? [])),
      tickets: await tickets.countByState(),
      publishToTicketMs: await publishToTicket(tickets),
      health: await parts.health(),
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

/** Adds up records of numbers, name by name. */
function sums<K extends string>(records: readonly Partial<Record<K, number>>[]): Partial<Record<K, number>> {
  const total: Partial<Record<K, number>> = {}
  for (const record of records)
    for (const [name, n] of Object.entries(record) as [K, number][]) total[name] = (total[name] ?? 0) + n
  return total
}

const worst = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (value === null ? most : Math.max(value, most ?? value)), null)

/**
 * Several ingest processes as if they were one; the worst store state speaks for all. What a process that is gone has
 * counted still counts, as its log still holds what it holds; what it did in its last moment does not.
 */
function ingestTotals(all: readonly IngestAccount[], alive: readonly IngestAccount[]) {
  const total = (of: (one: IngestAccount) => number) => sum(all.map(of))
  return {
    messages: {
      total: total((one) => one.messages.total),
      perSecond: sum(alive.map((one) => one.messages.perSecond)),
      clients: sum(alive.map((one) => one.messages.clients)),
      refusedClients: total((one) => one.messages.refusedClients),
    },
    accepted: total((one) => one.accepted),
    valuesRejected: total((one) => one.valuesRejected),
    duplicates: total((one) => one.duplicates),
    deadLetters: {
      byReason: sums(all.map((one) => one.deadLetters.byReason)),
      readings: total((one) => one.deadLetters.readings),
    },
    log: {
      bytes: total((one) => one.log.bytes),
      maxBytes: total((one) => one.log.maxBytes),
      behind: sums(all.map((one) => one.log.behind)) as Record<string, number>,
      oldestAgeMs: Math.max(0, ...all.map((one) => one.log.oldestAgeMs)),
    },
    ackLatencyMs: {
      p50: worst(alive.map((one) => one.ackLatencyMs.p50)),
      p99: worst(alive.map((one) => one.ackLatencyMs.p99)),
    },
    store: alive.map((one) => one.store).find(({ state }) => state !== 'ok') ?? {
      state: 'ok' as const,
      error: null,
    },
  }
}

/** Several score processes as if they were one; they load the same models. */
function scoreTotals(all: readonly ScoreAccount[]): Summary['scoring'] {
  const total = (of: (one: ScoreAccount['metrics']) => number) => sum(all.map(({ metrics }) => of(metrics)))
  const { backend = 'none', simd = false, models = [] } = all[0]?.metrics ?? {}
  return {
    scored: total((one) => one.scored),
    late: total((one) => one.late),
    numTensors: total((one) => one.numTensors),
    backend,
    simd,
    models: [...models],
  }
}

/**
 * sent = stored + duplicates + deadLettered + inLog + lost, in readings. Asked for in the order of the journey while
 * readings move on: one may be counted in the log and again in the store, none is missed, so nothing looks lost that is not.
 */
async function lossEquation(
  { catalogue, telemetry }: SummaryParts,
  { log, duplicates, deadLetters }: ReturnType<typeof ingestTotals>,
  sent: number | null,
) {
  const inLog = log.behind.store ?? 0
  const deadLettered = deadLetters.readings
  const stored = await storedReadings(telemetry, catalogue)
  const lost = sent === null ? null : Math.max(0, sent - stored - duplicates - deadLettered - inLog)
  return { sent, stored, duplicates, deadLettered, inLog, lost }
}

async function storedReadings(
  telemetry: Pick<TelemetryStore, 'counts'>,
  catalogue: Catalogue,
): Promise<number> {
  const counts = await Promise.all([...catalogue.keys()].map((type) => telemetry.counts(type)))
  return sum(counts.flatMap((perDevice) => [...perDevice.values()]))
}

async function publishToTicket(tickets: TicketStore): Promise<Summary['publishToTicketMs']> {
  const known = (await tickets.list({ limit: 50 })).flatMap((t) =>
    t.publishToTicketMs === null ? [] : [t.publishToTicketMs],
  )
  const sorted = [...known].sort((a, b) => a - b)
  return { newest: known[0] ?? null, median: sorted[Math.floor(sorted.length / 2)] ?? null }
}
