import type { DeviceState } from '../../alerts/http/deps.ts'
import type { TicketStore } from '../../core/ports.ts'
import { isFinished, type TicketState } from '../../core/ticket.ts'
import type { IngestAccount, ScoreAccount } from '../accounts.ts'
import type { Seen } from '../look.ts'
import type { QueueCounts } from '../summary.ts'
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

export const ingestLook =
  (account: () => Promise<IngestAccount>): Look =>
  async () => {
    const { loss, log, ackLatencyMs, messages, deadLetters } = await account()
    return {
      fields: {
        ...loss,
        log_bytes: log.bytes,
        log_max_bytes: log.maxBytes,
        log_oldest_age_ms: log.oldestAgeMs,
        scoring_lag_ms: log.scoringLagMs,
        ack_latency_p50_ms: ackLatencyMs.p50 ?? Number.NaN,
        ack_latency_p99_ms: ackLatencyMs.p99 ?? Number.NaN,
        messages_per_second: messages.perSecond,
        mqtt_clients: messages.clients,
      },
      deadLetters: deadLetters.byReason,
    }
  }

export const scoreLook =
  (account: () => ScoreAccount, states: () => ReadonlyMap<string, Pick<DeviceState, 'state'>>): Look =>
  async () => {
    const devices = [...states().values()]
    const scored = devices.filter(({ state }) => state.state === 'scored').length
    return {
      fields: {
        windows_scored: account().metrics.scored,
        devices_scored: scored,
        devices_not_scored: devices.length - scored,
      },
    }
  }

export const alertsLook =
  (queue: () => Promise<Seen<QueueCounts>>, tickets: Pick<TicketStore, 'countByState'>): Look =>
  async () => {
    const { waiting, active, delayed, failed } = (await queue()).value
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
