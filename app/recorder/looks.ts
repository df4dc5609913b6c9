import { isFinished, type TicketState } from '../../core/ticket.ts'
import type { Accounts } from '../accounts.ts'
import { Rate } from '../rate.ts'
import { type Backlog, lossEquation } from './loss.ts'
import type { PipelineLook } from './pipeline.ts'

/** One look for each role: a process records those of the roles that it has, put `together`. */
export type Look = () => Promise<PipelineLook>

export function together(...looks: readonly Look[]): Look {
  return async () => {
    const seen: PipelineLook[] = []
    for (const look of looks) seen.push(await look())
    return {
      fields: Object.assign({}, ...seen.map((one) => one.fields)),
      deadLetters: Object.assign({}, ...seen.map((one) => one.deadLetters)),
    }
  }
}

/** What the log holds before anything comes in and before the store's writer starts. */
export async function backlogOf(log: Accounts['log']): Promise<Backlog> {
  const { readings } = await log.deadLetters.counts()
  return { deadLettered: readings, inLog: log.stats().behind.store ?? 0 }
}

export interface IngestAccounts
  extends Pick<Accounts, 'intake' | 'latency' | 'store' | 'log' | 'broker' | 'clock'> {
  readonly before: Backlog
  readonly maxBytes: number
}

/** In the order in which `lossEquation` wants it counted. */
export function ingestLook(parts: IngestAccounts): Look {
  const { intake, store, log, broker, clock, latency, before, maxBytes } = parts
  const rate = new Rate(15_000)
  return async () => {
    const { readings, deadLetterReadings, messages } = intake.stats()
    const { stored, duplicates } = store.stats()
    const { behind, bytes, oldestAgeMs } = log.stats()
    const dead = await log.deadLetters.counts()
    const { p50, p99 } = latency.quantiles()
    rate.sample(clock.now(), messages)
    const loss = lossEquation(before, {
      acknowledged: readings + deadLetterReadings,
      stored,
      duplicates,
      deadLettered: dead.readings,
      inLog: behind.store ?? 0,
    })
    return {
      fields: {
        ...loss,
        log_bytes: bytes,
        log_max_bytes: maxBytes,
        log_oldest_age_ms: oldestAgeMs,
        ack_latency_p50_ms: p50 ?? Number.NaN,
        ack_latency_p99_ms: p99 ?? Number.NaN,
        messages_per_second: rate.perSecond(),
        mqtt_clients: broker.stats().clients,
      },
      deadLetters: dead.byReason,
    }
  }
}

export interface ScoreAccounts extends Pick<Accounts, 'fleet'> {
  readonly scorer: Pick<Accounts['scorer'], 'metrics'>
  /** Age of the oldest reading that came in and that the scorer has not handled, ms; 0 when it waits for readings. */
  readonly lagMs: () => number
}

export const scoreLook =
  ({ fleet, scorer, lagMs }: ScoreAccounts): Look =>
  async () => {
    const states = [...fleet.states().values()]
    const scored = states.filter(({ state }) => state.state === 'scored').length
    return {
      fields: {
        scoring_lag_ms: lagMs(),
        windows_scored: scorer.metrics().scored,
        devices_scored: scored,
        devices_not_scored: states.length - scored,
      },
    }
  }

export const alertsLook =
  ({ queue, tickets }: Pick<Accounts, 'queue' | 'tickets'>): Look =>
  async () => {
    const { waiting, active, delayed, failed } = (await queue()).counts
    const states = Object.entries(await tickets.countByState()) as [TicketState, number][]
    return {
      fields: {
        queue_waiting: waiting,
        queue_active: active,
        queue_delayed: delayed,
        queue_failed: failed,
        tickets_open: states.reduce((sum, [state, count]) => (isFinished(state) ? sum : sum + count), 0),
      },
    }
  }
