import type { AssetType } from '../../core/catalogue.ts'
import type { StoredScore } from '../../core/ports.ts'
import { saysSomething, type Ticket } from '../../core/ticket.ts'
import { devicesOf, type LivesParts, livesOf, scoresOf } from './lives.ts'

/** How often planners agreed with the tickets of one suspected mode. */
export interface ModePrecision {
  readonly mode: string
  readonly confirmed: number
  /** No fault found, or a false alarm. */
  readonly refuted: number
  /** Share of confirmed ones among those that were looked at. */
  readonly precision: number
}

/** What became of past forecasts. */
export interface TrackRecord {
  readonly assetType: string
  /** Share of failures' remaining lives that lay within the 90 % interval; null before the first failure. */
  readonly coverage: number | null
  /** Windows that it is the share of: those before a failure at less than the cap. */
  readonly windows: number
  /** Mean width of their intervals, usage units; null before the first failure. */
  readonly width: number | null
  /** Lives that ended in a failure and were scored. */
  readonly failures: number
  readonly precision: readonly ModePrecision[]
}

/** Looks back on what the champions said, of whatever version they were. */
export async function trackRecordOf(type: AssetType, parts: LivesParts): Promise<TrackRecord> {
  const held: Held[] = []
  let failures = 0
  for (const device of await devicesOf(type.name, parts)) {
    const lives = (await livesOf(parts, device, Number.MAX_SAFE_INTEGER)).filter(
      ({ end }) => end === 'failed',
    )
    for (const { after, until } of lives) {
      const capMs = (type.rulCap / type.usage.perSlot) * type.cadenceMs
      const from = Math.max(after + 1, until - capMs + 1)
      const scores = await scoresOf(
        parts,
        { assetType: type.name, device, role: 'champion' },
        from,
        until + 1,
      )
      held.push(...scores.map((score) => heldOf(type, score, until)))
      failures += scores.length > 0 ? 1 : 0
    }
  }
  const mean = (pick: (one: Held) => number) =>
    held.length === 0 ? null : held.reduce((sum, one) => sum + pick(one), 0) / held.length
  return {
    assetType: type.name,
    coverage: mean(({ inside }) => (inside ? 1 : 0)),
    windows: held.length,
    width: mean(({ width }) => width),
    failures,
    precision: precisionOf(type.name, await parts.tickets.list({ limit: Number.MAX_SAFE_INTEGER })),
  }
}

interface Held {
  readonly inside: boolean
  readonly width: number
}

function heldOf(type: AssetType, { windowEnd, rul }: StoredScore, failedAt: number): Held {
  const truth = ((failedAt - windowEnd) / type.cadenceMs) * type.usage.perSlot
  return { inside: rul.p05 <= truth && truth <= rul.p95, width: rul.p95 - rul.p05 }
}

function precisionOf(assetType: string, tickets: readonly Ticket[]): ModePrecision[] {
  const looked = tickets.filter(({ verdict, assetType: own }) => own === assetType && saysSomething(verdict))
  return [...new Set(looked.map(({ mode }) => mode))].sort().map((mode) => {
    const own = looked.filter((ticket) => ticket.mode === mode)
    const confirmed = own.filter(({ verdict }) => verdict === 'confirmed').length
    return { mode, confirmed, refuted: own.length - confirmed, precision: confirmed / own.length }
  })
}
