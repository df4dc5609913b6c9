import type { RulQuantiles } from '../../../../core/score.ts'
import { failureDates, type LifeUnit } from './interval.ts'
import { formatMoment, formatSpan, hour } from './time.ts'

/** When the failure is expected, as dates of the 80 % interval; life is counted from the window's end. */
export function whenWords(windowEnd: number, rul: RulQuantiles, life: LifeUnit, now: number): string {
  const { earliest, latest } = failureDates(windowEnd, rul, life)
  return latest === null ? `${formatMoment(earliest, now)} or later` : formatSpan(earliest, latest, now)
}

/** Simulated and replayed machines live in the past: their dates need their own clock beside them. */
export const livesInThePast = (windowEnd: number, now: number): boolean => now - windowEnd > 12 * hour
