import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { alertsLook, backlogOf, ingestLook, scoreLook, together } from './looks.ts'

const log = {
  stats: () => ({ bytes: 4096, last: 9, behind: { store: 3, scorer: 1 }, oldestAgeMs: 250, ageMs: {} }),
  deadLetters: { counts: async () => ({ byReason: { not_json: 2 }, readings: 5 }) },
} as unknown as Parameters<typeof ingestLook>[0]['log']

const clock = new ManualClock(1_000)
let messages = 10

/** The parts of a process as they stand when it is looked at. */
const parts = {
  log,
  clock,
  intake: { stats: () => ({ readings: 15, deadLetterReadings: 4, messages }) },
  store: { stats: () => ({ stored: 11, duplicates: 1 }) },
  broker: { stats: () => ({ clients: 2 }) },
  latency: { quantiles: () => ({ p50: 1.5, p99: null }) },
  before: { deadLettered: 1, inLog: 0 },
  maxBytes: 1e6,
} as unknown as Parameters<typeof ingestLook>[0]

it('looks at the way in: nothing lost, the log, the latency that was measured', async () => {
  const look = ingestLook(parts)
  await look()
  clock.advance(2_000)
  messages = 30
  expect(await look()).toEqual({
    fields: {
      acknowledged: 19,
      stored: 11,
      duplicates: 1,
      dead_lettered: 4,
      in_log: 3,
      lost: 0,
      log_bytes: 4096,
      log_max_bytes: 1e6,
      log_oldest_age_ms: 250,
      ack_latency_p50_ms: 1.5,
      ack_latency_p99_ms: Number.NaN,
      messages_per_second: 10,
      mqtt_clients: 2,
    },
    deadLetters: { not_json: 2 },
  })
})

it('knows the backlog that a log begins with', async () => {
  expect(await backlogOf(log)).toEqual({ deadLettered: 5, inLog: 3 })
})

it('puts the looks of several roles together; a role that is elsewhere leaves its fields out', async () => {
  const scored = { state: { state: 'scored', windowEnd: 1 } }
  const silent = { state: { state: 'not_scored', reason: 'silent', since: 1 } }
  const score = scoreLook({
    fleet: { states: () => new Map(Object.entries({ a: scored, b: silent, c: scored })) },
    scorer: { metrics: () => ({ scored: 42 }) },
    lagMs: () => 80,
  } as unknown as Parameters<typeof scoreLook>[0])
  const alerts = alertsLook({
    queue: async () => ({ counts: { waiting: 1, active: 2, delayed: 3, failed: 4 } }),
    tickets: { countByState: async () => ({ open: 2, scheduled: 1, closed: 9, withdrawn: 1 }) },
  } as unknown as Parameters<typeof alertsLook>[0])
  const { fields } = await together(score, alerts)()
  expect(fields).toEqual({
    scoring_lag_ms: 80,
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
