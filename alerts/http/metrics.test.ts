import { Counter, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import type { ServerDeps } from './deps.ts'
import { createMetrics } from './metrics.ts'
import { buildServer } from './server.ts'
import { makeSummary } from './testing/fixtures.ts'
import { fakeWorld } from './testing/world.ts'

/** The samples of a scrape, `name{labels}` to value. */
const samples = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

const metricsOf = (changes: Partial<ServerDeps> = {}) => createMetrics(fakeWorld(changes).deps)

it('shows the whole journey by the summary, and the event loop', async () => {
  const seen = samples(await metricsOf().scrape())
  const expected: Record<string, number> = {
    forewarn_messages_total: 100,
    forewarn_mqtt_refused_total: 3,
    forewarn_readings_stored: 95,
    forewarn_readings_duplicate_total: 3,
    'forewarn_dead_letters_total{reason="not_json"}': 3,
    'forewarn_dead_letters_total{reason="too_old"}': 1,
    forewarn_log_bytes: 4096,
    'forewarn_log_behind_readings{consumer="store"}': 2,
    forewarn_log_oldest_age_seconds: 1.5,
    'forewarn_ack_latency_seconds{quantile="0.5"}': 0.0015,
    'forewarn_queue_jobs{state="failed"}': 1,
    forewarn_windows_scored_total: 42,
    forewarn_tfjs_tensors: 12,
    'forewarn_devices{state="not_scored"}': 1,
    'forewarn_tickets{state="open"}': 1,
    forewarn_store_up: 1,
    forewarn_ready: 1,
    forewarn_summary_up: 1,
  }
  for (const [name, value] of Object.entries(expected)) expect(seen.get(name), name).toBe(value)
  expect(seen.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
  expect(seen.has('forewarn_ack_latency_seconds{quantile="0.99"}')).toBe(false)
})

it('shows totals, not sums of scrapes, and forgets a state that no ticket has any more', async () => {
  let tickets: Record<string, number> = { open: 2 }
  const metrics = metricsOf({ summary: async () => makeSummary({ tickets }) })
  await metrics.scrape()
  tickets = { closed: 2 }
  const seen = samples(await metrics.scrape())
  expect(seen.get('forewarn_messages_total')).toBe(100)
  expect(seen.get('forewarn_tickets{state="closed"}')).toBe(2)
  expect(seen.has('forewarn_tickets{state="open"}')).toBe(false)
})

it('answers also when what it watches does not', async () => {
  const metrics = metricsOf({ summary: () => Promise.reject(new Error('store is away')) })
  const seen = samples(await metrics.scrape())
  expect(seen.get('forewarn_summary_up')).toBe(0)
  expect(seen.has('process_cpu_seconds_total')).toBe(true)
})

it('shows the metrics of other parts beside its own, over HTTP as text', async () => {
  const theirs = new Registry()
  new Counter({ name: 'theirs_total', help: 'of another part', registers: [theirs] }).inc(3)
  const server = await buildServer(fakeWorld({ metrics: theirs }).deps)
  const reply = await server.inject('/metrics')
  await server.close()
  expect(reply.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(samples(reply.body).get('theirs_total')).toBe(3)
  expect(samples(reply.body).get('forewarn_messages_total')).toBe(100)
})
