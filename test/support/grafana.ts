/**
 * Expands a dashboard's queries as Grafana 11 does for InfluxQL: variables and global values in the browser
 * (public/app/plugins/datasource/influxdb/datasource.ts, interpolateQueryExpr), the time filter and the intervals in
 * its server (pkg/tsdb/influxdb/models/query.go, Build).
 */
export interface VariableValue {
  readonly value: string | readonly string[]
  /** Several values can be chosen; in a repeated panel the value is nevertheless one. */
  readonly multi?: boolean
}

export type Values = Readonly<Record<string, VariableValue>>

export interface Scope {
  readonly values: Values
  /** The dashboard's time range, ms. */
  readonly from: number
  readonly to: number
  readonly intervalMs: number
}

/** As @grafana/data does it; the slash is among them. */
export const escapeRegex = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&')

/** What begins like a number is left as it is. */
const escapeText = (value: string) => (Number.isNaN(Number.parseFloat(value)) ? escapeRegex(value) : value)

function formatValue(name: string, { value, multi }: VariableValue, query: string): string {
  if (typeof value !== 'string') return `(${value.map(escapeRegex).join('|')})`
  if (multi) return escapeText(value)
  const inRegex = new RegExp(`/(?:\\^)?(.*)(\\$${name})(.*)(?:\\$)?/`, 'm')
  return inRegex.test(query) ? escapeText(value) : value
}

const reference = /\$(\w+)|\[\[(\w+)\]\]|\$\{(\w+)\}/g

/** The browser's part; names that are no variables stay for the server. */
export function interpolate(
  query: string,
  { values, from, to }: Pick<Scope, 'values' | 'from' | 'to'>,
): string {
  return query.replace(reference, (whole, ...names: (string | undefined)[]) => {
    const name = names.slice(0, 3).find((one) => one !== undefined)!
    if (name === '__from') return String(from)
    if (name === '__to') return String(to)
    const value = values[name]
    return value === undefined ? whole : formatValue(name, value, query)
  })
}

/** A panel's query as it reaches InfluxDB. */
export function expandQuery(query: string, scope: Scope): string {
  return interpolate(query, scope)
    .replaceAll('$timeFilter', `time >= ${scope.from}ms and time <= ${scope.to}ms`)
    .replaceAll('$interval', intervalText(scope.intervalMs))
    .replaceAll('$__interval_ms', String(scope.intervalMs))
    .replaceAll('$__interval', intervalText(scope.intervalMs))
}

/**
 * An annotation's or a variable's query: the browser itself puts the time filter in, the first one only, with a
 * relative range (`now-6h`) as InfluxDB's own arithmetic.
 */
export function expandOnce(
  query: string,
  scope: Pick<Scope, 'values' | 'from' | 'to'> & { readonly range: { from: string; to: string } },
): string {
  const { from, to } = scope.range
  return interpolate(
    query.replace('$timeFilter', () => `time >= ${influxTime(from)} and time <= ${influxTime(to)}`),
    scope,
  )
}

function influxTime(text: string): string {
  if (text === 'now') return 'now()'
  const ago = /^now-(\d+)([dhms])$/.exec(text)
  return ago ? `now() - ${ago[1]}${ago[2]}` : `${Date.parse(text)}ms`
}

const units: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
  [1, 'ms'],
]

/** The largest whole unit, rounded down. */
export function intervalText(ms: number): string {
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1, 'ms']
  return `${Math.max(1, Math.floor(ms / size))}${unit}`
}

const steps = [1, 2, 5, 10, 15, 20, 30].flatMap((n) => [n * 1_000, n * 60_000])
const longSteps = [1, 2, 3, 6, 12, 24, 168].map((n) => n * 3_600_000)
const ladder = [...steps, ...longSteps].sort((a, b) => a - b)

/** A round interval that gives about `points` buckets, not below the panel's or data source's least one. */
export function intervalFor(rangeMs: number, points: number, leastMs: number): number {
  const wanted = Math.max(leastMs, rangeMs / points)
  return ladder.find((step) => step >= wanted) ?? ladder.at(-1)!
}
