import { type AssetType, type Catalogue, parseAssetType } from '../../../core/catalogue.ts'
import type { Device } from '../../../core/device.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import type { Score } from '../../../core/score.ts'
import type { Ticket } from '../../../core/ticket.ts'
import { predictionOf } from '../../policy/prediction.ts'
import type { Summary } from '../schemas/summary.ts'

/* The things of a small plant, for the tests of the policy and the HTTP server: each as usual unless said otherwise. */

/** When the tests happen. */
export const now = Date.UTC(2026, 0, 10)
export const minute = 60_000

/** A pump with two channels and two failure modes, ten minutes between readings. */
export const pump: AssetType = parseAssetType(
  {
    name: 'pump',
    label: 'Pump',
    window: { by: 'grid', length: 4, minimum: 2 },
    cadenceMs: 10 * minute,
    usage: { unit: 'h', perSlot: 1 / 6, perDay: 24 },
    rulCap: 96,
    horizon: 36,
    channels: [
      { name: 'vibration', label: 'Vibration', unit: 'mm/s', plausible: [0, 100], normal: [1, 3] },
      { name: 'flow', label: 'Flow', unit: 'm3/h', plausible: [0, 1000] },
    ],
    failureModes: ['bearing_wear', 'cavitation'].map((name) => ({
      name,
      label: name.replace('_', ' '),
      symptoms: { vibration: 1 },
      action: `mend the ${name}`,
      skill: 'mechanic',
      parts: ['bearing'],
      requiredLead: 12,
      costPlanned: 100,
      costFailure: 1000,
    })),
  },
  'pump.yaml',
)
export const catalogue: Catalogue = new Map([[pump.name, pump]])

/** A score of a healthy pump unless said otherwise. */
export function makeScore(changes: Partial<Score> = {}): Score {
  const windowEnd = changes.windowEnd ?? now
  return {
    device: 'pump-1',
    site: 'north',
    assetType: 'pump',
    windowEnd,
    model: 'model-a',
    role: 'champion',
    anomaly: 0.5,
    rul: { p05: 40, p10: 50, p50: 90, p90: 96, p95: 96 },
    failureProbability: 0.1,
    contributions: { vibration: 0.25, flow: -0.75 },
    basis: 'learned',
    suspectedMode: 'bearing_wear',
    publishedAt: Number.NaN,
    evidence: {
      window: Float32Array.from([1, 50, 2, 51, Number.NaN, 52, 4, 53]),
      rows: 4,
      channels: ['vibration', 'flow'],
      times: Float64Array.from([3, 2, 1, 0], (back) => windowEnd - back * pump.cadenceMs),
      backend: 'wasm',
      simd: true,
    },
    ...changes,
  }
}

export function makeTicket(changes: Partial<Ticket> = {}): Ticket {
  const score = makeScore({ failureProbability: 0.9 })
  const decided = { mode: 'bearing_wear', raisedAt: score.windowEnd, reason: 'persistent' as const, now }
  return {
    id: 1,
    device: 'pump-1',
    site: 'north',
    assetType: 'pump',
    mode: 'bearing_wear',
    state: 'open',
    version: 1,
    openedAt: now,
    updatedAt: now,
    closedAt: null,
    scheduledFor: null,
    verdict: null,
    verdictMode: null,
    prediction: predictionOf(score, decided),
    predictions: 1,
    publishToTicketMs: 1200,
    priority: null,
    actBy: null,
    automation: 'automatic',
    mergedInto: null,
    splitFrom: null,
    ...changes,
  }
}

/** A batch of one device's pump readings, oldest first; a row is [time, vibration, flow]. */
export function makeBatch(
  device: string,
  rows: readonly (readonly [number, number, number])[],
): ReadingBatch {
  const column = (i: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[i])
  return {
    assetType: 'pump',
    length: rows.length,
    device: rows.map(() => device),
    site: rows.map(() => 'north'),
    time: column(0),
    receivedAt: column(0),
    publishedAt: new Float64Array(rows.length).fill(Number.NaN),
    seq: new Float64Array(rows.length).fill(Number.NaN),
    channels: [column(1), column(2)],
  }
}

export const makeDevice = (device: string): Device => ({
  device,
  site: 'north',
  assetType: 'pump',
  parent: null,
  criticality: 'medium',
  firstSeen: now - 100 * minute,
})

export const makeSummary = (changes: Partial<Summary> = {}): Summary => ({
  now,
  startedAt: now - minute,
  devices: { known: 2, scored: 1, notScored: 1 },
  messages: { total: 100, perSecond: 5, clients: 2, refusedClients: 3 },
  readings: {
    sent: null,
    accepted: 100,
    stored: 95,
    duplicates: 3,
    deadLettered: 4,
    inLog: 2,
    lost: null,
    valuesRejected: 7,
  },
  deadLetters: { not_json: 3, too_old: 1 },
  log: { bytes: 4096, maxBytes: 1e9, behind: { store: 2, scorer: 0 }, oldestAgeMs: 1500 },
  ackLatencyMs: { p50: 1.5, p99: null },
  store: { state: 'ok', error: null },
  queue: { waiting: 1, active: 0, delayed: 0, failed: 1 },
  scoring: { scored: 42, late: 0, numTensors: 12, backend: 'wasm', simd: true, models: [] },
  tickets: { open: 1 },
  publishToTicketMs: { newest: 1200, median: null },
  health: { ready: true, checks: [{ name: 'store', ok: true, detail: 'writes' }] },
  ...changes,
})
