/** How the names of figures read; `P99`, `Ms` and the like are expanded below. */
const spelled: Readonly<Record<string, string>> = {
  cores: 'CPU cores used',
  rssMb: 'resident memory, MB',
  readingsOutsideWindowsPerDevice: 'readings outside windows, per device',
  rssMbLeast: 'resident memory, least, MB',
  rssMbMost: 'resident memory, most, MB',
  rssMbGrowth: 'resident memory, growth, share of the mean',
  notReadyAfterSeconds: 'health says not ready after, s',
  readyAgainAfterSeconds: 'ready again, after the minute, s',
  allAcknowledgedAfterSeconds: 'all acknowledged, after the minute, s',
  caughtUpAfterSeconds: 'all stored and scored, after the minute, s',
  lost: 'acknowledged and not stored',
  outOfOrder: 'acknowledged out of order',
  shareOfBare: 'share of the bare broker',
  bareMessagesPerSecond: 'bare broker, messages/s',
  windowsScored: 'windows scored',
  timesNodeRed: 'times Node-RED, influxdb out',
  timesNodeRedBatch: 'times Node-RED, influxdb batch',
  nodeRedCores: 'CPU cores, Node-RED',
}

const units: readonly (readonly [RegExp, string])[] = [
  [/MicrosecondsPer([A-Z]\w+)$/, ', µs/$1'],
  [/microsecondsPer([A-Z]\w+)$/, 'time, µs/$1'],
  [/(.*)PerSecond$/, '$1/s'],
  [/kbPerDevice$/, 'memory, KB/device'],
  [/(.*)PerDevice$/, '$1 per device'],
  [/Mb(Least|Most)$/, '$1, MB'],
  [/Mb(Growth)$/, '$1, share of the mean'],
  [/Seconds(AtTwice)?$/, '$1, s'],
  [/Ms$/, ', ms'],
  [/Mb$/, ', MB'],
  [/Kb$/, ', KB'],
  [/Bytes$/, ', bytes'],
]

/** `ackP99Ms`: ack p99, ms. */
export function figureWords(name: string): string {
  const known = spelled[name]
  if (known) return known
  const cores = /^(\w+)Cores$/.exec(name)?.[1]
  if (cores) return `CPU cores, ${cores}`
  const [pattern, unit] = units.find(([end]) => end.test(name)) ?? [/$/, '']
  return apart(name.replace(pattern, unit))
    .replace(/\bp (\d)/g, 'p$1')
    .replace('cpu', 'CPU')
    .replace(/(?<=, )(mb|kb)\b/, (unit) => unit.toUpperCase())
}

/** camelCase as words. */
function apart(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** 12,345.6; `-` for what there is not. */
export function valueWords(value: number | string | boolean | null | undefined): string {
  if (value === null || value === undefined) return '-'
  if (typeof value !== 'number') return String(value)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

type Settings = Readonly<Record<string, string | number | boolean>>

/** `connections 50, duckdb`: the named ones of those that a line has. */
export const settingsWords = (settings: Settings, names: readonly string[]): string =>
  names
    .filter((name) => name in settings)
    .map((name) => settingWords(name, settings[name]!))
    .join(', ')

export const settingWords = (name: string, value: string | number | boolean): string =>
  typeof value === 'string' ? value : `${apart(name)} ${valueWords(value)}`

/** What a setting is called where its value stands apart. */
export const settingName = apart

/** Names of settings with more than one value among the lines, or that only some have. */
export function differingSettings(lines: readonly { readonly settings: Settings }[]): string[] {
  const names = [...new Set(lines.flatMap(({ settings }) => Object.keys(settings)))]
  return names.filter((name) => new Set(lines.map(({ settings }) => settings[name])).size > 1)
}

/** The fewest of the differing settings, in their order, that tell every line from every other. */
export function tellingSettings(lines: readonly { readonly settings: Settings }[]): string[] {
  const inAll = (name: string) => lines.every(({ settings }) => name in settings)
  const candidates = differingSettings(lines).filter((name) => name !== 'seconds')
  const kinds = (names: readonly string[]) =>
    new Set(lines.map(({ settings }) => JSON.stringify(names.map((name) => settings[name])))).size
  const kept: string[] = []
  for (const name of [...candidates.filter(inAll), ...candidates.filter((other) => !inAll(other))])
    if (kinds([...kept, name]) > kinds(kept)) kept.push(name)
  return kept
}
