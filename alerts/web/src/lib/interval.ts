import type { RulQuantiles } from '../../../../core/score.ts'

/** Remaining useful life in words. Quantiles are in the asset's usage unit; at the cap they only mean "more than". */
export interface LifeUnit {
  /** Usage unit of the catalogue: h, cycle, start. */
  readonly unit: string
  /** RUL above this is not told apart. */
  readonly cap: number
  /** Usage a day, to turn life into dates. */
  readonly perDay: number
}

/** Within half a percent of the cap a quantile says no more than "beyond it". */
const atCap = (value: number, cap: number): boolean => value >= cap * 0.995

const plural = (unit: string): string => (/^[a-z]{3,}$/.test(unit) && !unit.endsWith('s') ? `${unit}s` : unit)

/** "h" and other symbols stay as they are; words are counted: "1 cycle", "12 cycles". */
export const usageUnit = (unit: string, count = 2): string => (count === 1 ? unit : plural(unit))

function roundLife(value: number, unit: string): string {
  const fine = unit === 'h' && value < 10
  return fine ? String(Math.round(value * 2) / 2) : String(Math.round(value))
}

/** "12–31 h", "31 to more than 96 h", "more than 96 h", "less than 1 h": the 80 % interval p10 to p90. */
export function lifeWords(rul: RulQuantiles, life: LifeUnit): string {
  const unit = usageUnit(life.unit)
  const capWords = `${roundLife(life.cap, life.unit)} ${unit}`
  if (atCap(rul.p10, life.cap)) return `more than ${capWords}`
  const low = roundLife(rul.p10, life.unit)
  if (atCap(rul.p90, life.cap)) return `${low} to more than ${capWords}`
  const high = roundLife(rul.p90, life.unit)
  if (rul.p90 < 1) return `less than 1 ${usageUnit(life.unit, 1)}`
  return low === high ? `about ${low} ${usageUnit(life.unit, Number(low))}` : `${low}–${high} ${unit}`
}

/** The interval as a sentence's end: "12–31 h left". */
export const lifeLeft = (rul: RulQuantiles, life: LifeUnit): string => `${lifeWords(rul, life)} left`

/** The 80 % interval of the failure's date, ms, counted from the window's end; `latest` is null beyond the cap. */
export function failureDates(
  windowEnd: number,
  rul: RulQuantiles,
  life: LifeUnit,
): { earliest: number; latest: number | null } {
  const msPerUnit = 86_400_000 / life.perDay
  return {
    earliest: windowEnd + rul.p10 * msPerUnit,
    latest: atCap(rul.p90, life.cap) ? null : windowEnd + rul.p90 * msPerUnit,
  }
}

/** Where the interval lies on a bar from 0 to the cap, in percent. */
export function lifeBar(rul: RulQuantiles, cap: number): { left: number; width: number; median: number } {
  const percent = (v: number) => Math.min(100, Math.max(0, (v / cap) * 100))
  const left = percent(rul.p10)
  return { left, width: Math.max(1.5, percent(rul.p90) - left), median: percent(rul.p50) }
}
