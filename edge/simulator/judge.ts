import { quantile } from '../quantile.ts'
import type { Episode } from './episode.ts'

const hour = 3_600_000

/** The opening of a ticket: what was believed at the time, not what later predictions made of it. */
export interface TicketOpening {
  readonly device: string
  readonly mode: string
  /** Event time of the end of the window that decided it, ms. */
  readonly windowEnd: number
}

export interface JudgedTicket {
  readonly device: string
  readonly predictedMode: string
  /** Mode of the fault that was under way; null where there was none. */
  readonly trueMode: string | null
  /** Hours from the deciding window to the failure (or to the one that a repair prevented); null where false. */
  readonly lead: number | null
  /** `repeated`: a further ticket for a fault already found. */
  readonly verdict: 'found' | 'repeated' | 'false'
}

/** What the simulator, which knows the truth, says of the tickets. */
export interface FleetJudgement {
  /** Faults that ended in failure or were found before. */
  readonly faults: number
  readonly found: number
  /** Failures that no ticket foretold. */
  readonly missed: number
  /** Tickets without a fault under way. */
  readonly falseAlarms: number
  /** Faults still developing, without a ticket so far: neither found nor missed. */
  readonly pending: number
  /** Hours; null when nothing was found. */
  readonly leadTime: { readonly p10: number | null; readonly median: number | null }
  /** Found tickets that named the right mode, 0 to 1; null when nothing was found. */
  readonly rightModeShare: number | null
  /** In order of their deciding windows. */
  readonly tickets: readonly JudgedTicket[]
}

/**
 * Compares tickets with the truth. A ticket is right when a fault was under way at the end of its deciding window;
 * the first such ticket finds the fault.
 */
export function judgeFleet(openings: readonly TicketOpening[], episodes: readonly Episode[]): FleetJudgement {
  const foundEpisodes = new Set<Episode>()
  const tickets = openings
    .toSorted((a, b) => a.windowEnd - b.windowEnd)
    .map((opening): JudgedTicket => {
      const episode = episodes.find((e) => underWay(e, opening))
      const known = episode !== undefined && foundEpisodes.has(episode)
      if (episode) foundEpisodes.add(episode)
      return {
        device: opening.device,
        predictedMode: opening.mode,
        trueMode: episode?.mode ?? null,
        lead: episode ? (episode.failureAt - opening.windowEnd) / hour : null,
        verdict: !episode ? 'false' : known ? 'repeated' : 'found',
      }
    })

  const missed = episodes.filter((e) => e.outcome === 'failed' && !foundEpisodes.has(e)).length
  const found = tickets.filter((t) => t.verdict === 'found')
  const leads = found.map((t) => t.lead!)
  return {
    faults: found.length + missed,
    found: found.length,
    missed,
    falseAlarms: tickets.filter((t) => t.verdict === 'false').length,
    pending: episodes.filter((e) => e.outcome === 'developing' && !foundEpisodes.has(e)).length,
    leadTime: { p10: quantile(leads, 0.1), median: quantile(leads, 0.5) },
    rightModeShare: found.length
      ? found.filter((t) => t.predictedMode === t.trueMode).length / found.length
      : null,
    tickets,
  }
}

const underWay = (episode: Episode, { device, windowEnd }: TicketOpening): boolean =>
  episode.device === device &&
  episode.brokenAt <= windowEnd &&
  windowEnd < Math.min(episode.failureAt, episode.endedAt ?? Number.POSITIVE_INFINITY)
