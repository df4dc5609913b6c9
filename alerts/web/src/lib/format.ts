/** Numbers as a planner reads them. One locale, so that two people at one screen read the same. */
const locale = 'en-GB'

/** About three significant digits, never an exponent: 1234 -> "1,234", 12.34 -> "12.3", 0.1234 -> "0.123". */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '-'
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  const fraction = Math.min(6, Math.max(0, digits - 1 - magnitude))
  return value.toLocaleString(locale, { maximumFractionDigits: fraction })
}

export const formatCount = (value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString(locale) : '-'

/** Large counts in little room: 12345 -> "12.3k". */
export const formatCompact = (value: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 }).toLowerCase()
    : '-'

/** A probability never reads as certain: 0.999 -> ">99 %", 0.004 -> "<1 %". */
export function formatProbability(p: number): string {
  if (!Number.isFinite(p)) return '-'
  if (p > 0 && p < 0.01) return '<1 %'
  if (p < 1 && p > 0.99) return '>99 %'
  return `${Math.round(p * 100)} %`
}

/** A tail probability in words: 0.004 -> "1 time in 250"; below what the calibration can tell apart only a bound. */
export function rarityWords(p: number): string {
  if (p < 0.0001) return 'less than 1 time in 10,000'
  return p > 0.2 ? 'commonly' : `1 time in ${formatCount(1 / p)}`
}

/** Costs are in the plant's own currency, so none is named. */
export const formatCost = (value: number): string => formatCount(value)

/** "812 B", "4.2 kB", "1.3 MB". */
export function formatBytes(bytes: number): string {
  const step = [
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const
  const [size, unit] = step.find(([least]) => bytes >= least) ?? [1, 'B']
  return `${(bytes / size).toLocaleString(locale, { maximumFractionDigits: size === 1 ? 0 : 1 })} ${unit}`
}
