/** About three significant digits, never an exponent. One locale, so that two people read the same. */
export function inFigures(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–'
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  return value.toLocaleString('en-GB', {
    maximumFractionDigits: Math.min(6, Math.max(0, digits - 1 - magnitude)),
  })
}

export const inCount = (value: number): string => Math.round(value).toLocaleString('en-GB')

export const inPercent = (share: number): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–'

/** `outOfFoldRmseCapped` as people say it: `out of fold RMSE capped`. */
export const spaced = (name: string): string =>
  name
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .toLowerCase()
    .replace(/\brmse\b/, 'RMSE')
    .replace(/\bp ?(\d\d)\b/, 'P$1')
