import { type AssetType, unknownMode } from '../../../core/catalogue.ts'
import { inCount, inFigures } from '../../report/words.ts'

/** Event time, ms, to the minute in UTC. */
export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** `1 ticket`, `3 tickets`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${inCount(count)} ${count === 1 ? one : many}`

/** Usage with its unit; a dash where there is none. */
export const usage = (value: number | null, unit: string): string =>
  value === null ? '–' : `${inFigures(value)} ${unit}`

export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN)

/** A failure mode as the catalogue labels it; null is a failure whose mode nobody wrote down. */
export function modeLabel(type: AssetType, mode: string | null): string {
  if (mode === null) return 'not recorded'
  if (mode === unknownMode) return 'fits no known mode'
  return type.failureModes.find(({ name }) => name === mode)?.label ?? mode
}

/** `12 h`, or `10 to 40 h` where failure modes differ; null where the catalogue knows none. */
export function requiredLeadWords({ failureModes, usage: { unit } }: AssetType): string | null {
  if (failureModes.length === 0) return null
  const { least, most } = requiredLeads({ failureModes })
  return least === most ? usage(least, unit) : `${inFigures(least)} to ${usage(most, unit)}`
}

/** Shortest and longest notice that repairs need, usage units; NaN where the catalogue knows no failure mode. */
export function requiredLeads({ failureModes }: Pick<AssetType, 'failureModes'>): {
  least: number
  most: number
} {
  const leads = failureModes.map(({ requiredLead }) => requiredLead)
  if (leads.length === 0) return { least: Number.NaN, most: Number.NaN }
  return { least: Math.min(...leads), most: Math.max(...leads) }
}
