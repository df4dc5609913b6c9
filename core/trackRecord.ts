import { wilsonLower, z95 } from './wilson.ts'

/** How many of the newest tickets of a kind speak for it. */
export const trackRecordSize = 20

/** What became of the tickets of one kind: same asset type, same suspected mode. */
export interface KindFigures {
  /** Of the newest ones whose verdict says something, at most `trackRecordSize`. */
  readonly judged: number
  readonly confirmed: number
  /** From opening to failure or repair of the confirmed ones, ms by the machines' clocks; null where none is known. */
  readonly medianLeadMs: number | null
}

export interface KindRecord extends KindFigures {
  readonly assetType: string
  readonly mode: string
  /** Share of confirmed ones; null before the first verdict. */
  readonly share: number | null
  /** It is no worse than this, at 95 % confidence (Wilson). */
  readonly shareAtLeast: number
  /** The same in words. */
  readonly sentence: string
}

export function kindRecordOf(assetType: string, mode: string, figures: KindFigures): KindRecord {
  const { judged, confirmed } = figures
  return {
    assetType,
    mode,
    ...figures,
    share: judged === 0 ? null : confirmed / judged,
    shareAtLeast: wilsonLower(confirmed, judged, z95),
    sentence: sentenceOf(figures),
  }
}

function sentenceOf({ judged, confirmed, medianLeadMs }: KindFigures): string {
  if (judged === 0) return 'No ticket of this kind has been looked at yet.'
  const lead = medianLeadMs === null ? '' : `, median lead ${duration(medianLeadMs)}`
  const atLeast = Math.floor(wilsonLower(confirmed, judged, z95) * 100)
  return `${confirmed} of the last ${judged} of this kind confirmed${lead}; at least ${atLeast} % of such tickets are right, with 95 % confidence.`
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** In the largest unit of which there are two. */
function duration(ms: number): string {
  const [unit, size] = units.find(([, of]) => ms >= 2 * of) ?? units.at(-1)!
  const count = Math.round(ms / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
