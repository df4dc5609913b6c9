import { createHash } from 'node:crypto'
import type { Prediction } from '../../core/ticket.ts'

const rows = 64
const channels = ['vibration', 'temperature', 'current', 'pressure', 'flow', 'speed']

/** A window with every byte value in it, as base64: what queues and databases must carry unharmed. */
const windowBytes = Buffer.from(
  Array.from({ length: rows * channels.length * 4 }, (_, i) => (i * 7 + 13) % 256),
)

/** A complete prediction; the same `windowEnd` of the same device gives the same id. */
export function predictionOf(changes: Partial<Prediction> = {}): Prediction {
  const device = changes.device ?? 'pump-1'
  const windowEnd = changes.windowEnd ?? 1_732_250_000_000
  return {
    id: `${device}:${windowEnd}:raise`,
    device,
    site: 'north',
    assetType: 'pump',
    mode: 'bearing_wear',
    decidedAt: windowEnd + 40,
    windowEnd,
    raisedAt: windowEnd,
    reason: '3 of 4 windows over 0.5',
    anomaly: 1e-6,
    failureProbability: 0.83,
    rul: { p05: 10.5, p10: 12, p50: 30, p90: 44, p95: 51 },
    contributions: { vibration: 0.7, temperature: -0.3 },
    model: 'a'.repeat(64),
    publishedAt: windowEnd - 20,
    evidence: {
      window: windowBytes.toString('base64'),
      rows,
      channels,
      times: Array.from({ length: rows }, (_, i) => windowEnd - (rows - 1 - i) * 10_000),
      sha256: createHash('sha256').update(windowBytes).digest('hex'),
      backend: 'wasm',
      simd: true,
    },
    ...changes,
  }
}
