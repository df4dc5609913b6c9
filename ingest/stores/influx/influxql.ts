/** A text literal of InfluxQL. */
export const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

export const quoted = (name: string): string => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** The times that InfluxDB can hold, ms. */
const most = 9_223_372_036_000

/** A time literal of whole ms. */
export const at = (time: number): string => `${Math.min(most, Math.max(-most, time))}ms`

/** A number of a result; NaN where there is none. */
export const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
