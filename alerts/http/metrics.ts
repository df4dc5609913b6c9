import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { threadHeaps } from '../../core/threadHeap.ts'
import type { ServerDeps } from './deps.ts'
import type { Summary } from './schemas/summary.ts'

export interface MetricsDeps extends Pick<ServerDeps, 'metrics' | 'logger'> {
  /** Absent in a process that does not know the whole: then only Node's own metrics are shown. */
  readonly summary?: ServerDeps['summary']
}

export interface Metrics {
  readonly contentType: string
  /** All metrics as they are now, in Prometheus' text format. Never throws: monitoring outlives what it watches. */
  scrape(): Promise<string>
}

interface Row {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge'
  readonly label?: string
  /** One value, or one per label value. */
  value(s: Summary): number | Readonly<Record<string, number>>
}

/** What is shown of the summary, in the order of the journey. Units in the names, as Prometheus asks for. */
const rows: readonly Row[] = [
  { name: 'messages_total', help: 'MQTT messages received', kind: 'counter', value: (s) => s.messages.total },
  { name: 'mqtt_clients', help: 'MQTT clients connected', kind: 'gauge', value: (s) => s.messages.clients },
  {
    name: 'mqtt_refused_total',
    help: 'MQTT connections refused for their credentials',
    kind: 'counter',
    value: (s) => s.messages.refusedClients,
  },
  {
    name: 'readings_accepted_total',
    help: 'Readings acknowledged',
    kind: 'counter',
    value: (s) => s.readings.accepted,
  },
  {
    name: 'values_rejected_total',
    help: 'Single values left out of readings',
    kind: 'counter',
    value: (s) => s.readings.valuesRejected,
  },
  {
    name: 'readings_stored',
    help: 'Readings in the telemetry store',
    kind: 'gauge',
    value: (s) => s.readings.stored,
  },
  {
    name: 'readings_duplicate_total',
    help: 'Readings the store already had',
    kind: 'counter',
    value: (s) => s.readings.duplicates,
  },
  {
    name: 'readings_dead_lettered_total',
    help: 'Readings in dead letters',
    kind: 'counter',
    value: (s) => s.readings.deadLettered,
  },
  {
    name: 'dead_letters_total',
    help: 'Dead letters',
    kind: 'counter',
    label: 'reason',
    value: (s) => s.deadLetters,
  },
  { name: 'log_bytes', help: 'Size of the reading log', kind: 'gauge', value: (s) => s.log.bytes },
  { name: 'log_max_bytes', help: 'Its cap', kind: 'gauge', value: (s) => s.log.maxBytes },
  {
    name: 'log_behind_readings',
    help: 'Readings in the log that a consumer has not committed',
    kind: 'gauge',
    label: 'consumer',
    value: (s) => s.log.behind,
  },
  {
    name: 'log_oldest_age_seconds',
    help: 'Age of the oldest reading that some consumer has not committed',
    kind: 'gauge',
    value: (s) => s.log.oldestAgeMs / 1000,
  },
  {
    name: 'ack_latency_seconds',
    help: 'From the arrival of a message until it is durable, over some ten seconds',
    kind: 'gauge',
    label: 'quantile',
    value: ({ ackLatencyMs: { p50, p99 } }) => ({
      ...(p50 === null ? {} : { '0.5': p50 / 1000 }),
      ...(p99 === null ? {} : { '0.99': p99 / 1000 }),
    }),
  },
  {
    name: 'store_up',
    help: '1 while the telemetry store takes writes',
    kind: 'gauge',
    value: (s) => Number(s.store.state === 'ok'),
  },
  {
    name: 'queue_jobs',
    help: 'Predictions in the queue',
    kind: 'gauge',
    label: 'state',
    value: (s) => s.queue,
  },
  { name: 'windows_scored_total', help: 'Windows scored', kind: 'counter', value: (s) => s.scoring.scored },
  {
    name: 'readings_late_total',
    help: 'Readings that came after their window was scored',
    kind: 'counter',
    value: (s) => s.scoring.late,
  },
  {
    name: 'tfjs_tensors',
    help: 'Tensors that TensorFlow.js holds; grows when something leaks',
    kind: 'gauge',
    value: (s) => s.scoring.numTensors,
  },
  {
    name: 'devices',
    help: 'Devices by scoring state',
    kind: 'gauge',
    label: 'state',
    value: (s) => ({ scored: s.devices.scored, not_scored: s.devices.notScored }),
  },
  { name: 'tickets', help: 'Tickets by state', kind: 'gauge', label: 'state', value: (s) => s.tickets },
  {
    name: 'ready',
    help: '1 while every health check passes',
    kind: 'gauge',
    value: (s) => Number(s.health.ready),
  },
]

const threadHeapHelp = 'JavaScript heap in use by each thread beside the main one'

/** Every metric of ours as a person reads about it, for the README's table. */
export const metricMeanings: readonly Pick<Row, 'name' | 'help' | 'kind' | 'label'>[] = [
  ...rows.map(({ name, help, kind, label }) => ({ name, help, kind, ...(label ? { label } : {}) })),
  { name: 'thread_heap_bytes', help: threadHeapHelp, kind: 'gauge', label: 'thread' },
  { name: 'summary_up', help: '1 when the numbers above are fresh', kind: 'gauge' },
]

/** The server's metrics: Node's own (with the event loop's delay) and the summary, asked for at each scrape. */
export function createMetrics({ summary, metrics, logger }: MetricsDeps): Metrics {
  const own = new Registry()
  collectDefaultMetrics({ register: own })
  createHeaps(own)
  const refresh = summary && createRefresh(summary, own, logger)
  const all = metrics ? Registry.merge([own, metrics]) : own
  return {
    contentType: own.contentType,
    async scrape() {
      await refresh?.()
      return all.metrics()
    },
  }
}

function createHeaps(register: Registry): void {
  new Gauge({
    name: 'forewarn_thread_heap_bytes',
    help: threadHeapHelp,
    labelNames: ['thread'],
    registers: [register],
    collect() {
      for (const { thread, bytes } of threadHeaps()) this.set({ thread }, bytes)
    },
  })
}

function createRefresh(summary: ServerDeps['summary'], own: Registry, logger: ServerDeps['logger']) {
  const meters = rows.map((row) => meter(row, own))
  const up = new Gauge({
    name: 'forewarn_summary_up',
    help: '1 when the numbers below are fresh',
    registers: [own],
  })
  return async () => {
    try {
      const now = await summary()
      for (const show of meters) show(now)
      up.set(1)
    } catch (error) {
      logger.warn({ err: error }, 'no summary for the metrics')
      up.set(0)
    }
  }
}

/** The counters count elsewhere, in the parts: here their totals are shown anew each time. */
function meter({ name, help, kind, label, value }: Row, register: Registry): (s: Summary) => void {
  const options = { name: `forewarn_${name}`, help, labelNames: label ? [label] : [], registers: [register] }
  const metric = kind === 'counter' ? new Counter(options) : new Gauge(options)
  return (s) => {
    metric.reset()
    const values = value(s)
    if (typeof values === 'number') metric.inc(values)
    else for (const [of, count] of Object.entries(values)) metric.inc({ [label!]: of }, count)
  }
}
