/** A duration of InfluxQL as the servers report it, `720h0m0s`, in ms; 0 means for ever, unknown text too. */
export function durationMs(text: unknown): number {
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(String(text ?? '')) ?? []
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000
}

const hourMs = 3_600_000

/** Whole hours, which all flavours take; the shortest retention there is. */
export const hoursOf = (ms: number): number => Math.max(1, Math.round(ms / hourMs))

export const retentionMs = (days: number): number => (days > 0 ? hoursOf(days * 24 * hourMs) * hourMs : 0)

/** For a person: `30 days`, `12 hours`, `for ever`. */
export function wordsFor(ms: number): string {
  if (ms === 0) return 'for ever'
  const hours = hoursOf(ms)
  return hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`
}
