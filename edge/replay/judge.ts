import { quantile } from '../quantile.ts'

/** An engine that was replayed to its failure. */
export interface ReplayedEngine {
  readonly device: string
  /** Its last cycle: at this one its remaining life is 0. */
  readonly lastCycle: number
}

/** A ticket about an engine, placed on the engine's life. */
export interface EngineTicket {
  readonly device: string
  /** Cycle at which the deciding window ends. */
  readonly cycle: number
}

export interface LeadTimes {
  /** Cycles; null when nothing was found. */
  readonly p10: number | null
  readonly median: number | null
}

export interface ReplayScore {
  readonly failures: number
  readonly found: number
  readonly missed: number
  readonly falseAlarms: number
  readonly leadTime: LeadTimes
}

export interface ReplayJudgement extends ReplayScore {
  /** The common-sense rule beside it: a ticket for every engine at cycle 128. */
  readonly baseline: ReplayScore
  readonly engines: readonly JudgedEngine[]
}

export interface JudgedEngine {
  readonly device: string
  /** True remaining life at its first ticket, in cycles; null without a ticket. */
  readonly lead: number | null
  readonly verdict: 'found' | 'too_early' | 'too_late' | 'no_ticket'
}

/** A first ticket finds the failure when this much life is left, in cycles. */
const usefulLead = { least: 15, most: 50 }
export const baselineCycle = 128

/**
 * Judges each engine by its first ticket: with 15 to 50 cycles left it is found; earlier the ticket is a false alarm
 * and the engine missed; later or never it is missed.
 */
export function judgeReplay(
  engines: readonly ReplayedEngine[],
  tickets: readonly EngineTicket[],
): ReplayJudgement {
  const firstCycle = new Map<string, number>()
  for (const { device, cycle } of tickets) {
    firstCycle.set(device, Math.min(cycle, firstCycle.get(device) ?? cycle))
  }
  const judged = engines.map((engine) => judgeEngine(engine, firstCycle.get(engine.device)))
  const baseline = engines.map((engine) => judgeEngine(engine, baselineCycle))
  return { ...total(judged), baseline: total(baseline), engines: judged }
}

function judgeEngine({ device, lastCycle }: ReplayedEngine, cycle: number | undefined): JudgedEngine {
  if (cycle === undefined || cycle > lastCycle) return { device, lead: null, verdict: 'no_ticket' }
  const lead = lastCycle - cycle
  const verdict = lead > usefulLead.most ? 'too_early' : lead < usefulLead.least ? 'too_late' : 'found'
  return { device, lead, verdict }
}

function total(engines: readonly JudgedEngine[]): ReplayScore {
  const found = engines.filter((e) => e.verdict === 'found')
  const leads = found.map((e) => e.lead!)
  return {
    failures: engines.length,
    found: found.length,
    missed: engines.length - found.length,
    falseAlarms: engines.filter((e) => e.verdict === 'too_early').length,
    leadTime: { p10: quantile(leads, 0.1), median: quantile(leads, 0.5) },
  }
}
