import { expect, it } from 'vitest'
import type { IngestAccount, ScoreAccount } from '../accounts.ts'
import { alertsLook, ingestLook, scoreLook, together } from './looks.ts'

const loss = { acknowledged: 19, stored: 11, duplicates: 1, dead_lettered: 4, in_log: 3, lost: 0 }
const ingest: IngestAccount = {
  messages: { total: 30, perSecond: 10, clients: 2, refusedClients: 0 },
  accepted: 15,
  valuesRejected: 0,
  duplicates: 1,
  deadLetters: { byReason: { not_json: 2 }, readings: 5 },
  log: {
    bytes: 4096,
    maxBytes: 1e6,
    behind: { store: 3, scorer: 1 },
    oldestAgeMs: 250,
    scoringLagMs: 80,
  },
  store: { state: 'ok', error: null },
  ackLatencyMs: { p50: 1.5, p99: null },
  loss,
  inletProblem: null,
  handoffProblem: null,
}

it('looks at the way in: the loss equation, the log, the latency that was measured', async () => {
  expect(await ingestLook(async () => ingest)()).toEqual({
    fields: {
      ...loss,
      log_bytes: 4096,
      log_max_bytes: 1e6,
      log_oldest_age_ms: 250,
      scoring_lag_ms: 80,
      ack_latency_p50_ms: 1.5,
      ack_latency_p99_ms: Number.NaN,
      messages_per_second: 10,
      mqtt_clients: 2,
    },
    deadLetters: { not_json: 2 },
  })
})

it('puts the looks of several roles together; a role that is elsewhere leaves its fields out', async () => {
  const scored = { state: { state: 'scored', windowEnd: 1 } } as const
  const silent = { state: { state: 'not_scored', reason: 'silent', since: 1 } } as const
  const account = () => ({ metrics: { scored: 42 } }) as ScoreAccount
  const score = scoreLook(account, () => new Map(Object.entries({ a: scored, b: silent, c: scored })))
  const alerts = alertsLook(async () => ({ value: { waiting: 1, active: 2, delayed: 3, failed: 4 } }), {
    countByState: async () => ({ open: 2, scheduled: 1, closed: 9, withdrawn: 1 }),
  })
  const { fields } = await together(score, alerts)()
  expect(fields).toEqual({
    windows_scored: 42,
    devices_scored: 2,
    devices_not_scored: 1,
    queue_waiting: 1,
    queue_active: 2,
    queue_delayed: 3,
    queue_failed: 4,
    tickets_open: 3,
  })
})
