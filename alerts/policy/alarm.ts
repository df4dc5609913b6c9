import { type AssetType, unknownMode } from '../../core/catalogue.ts'
import type { DeviceAlarm, JudgedWindow } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'
import type { PolicySettings } from './settings.ts'
import { extendTrail } from './trail.ts'

/** A device that nothing was judged of yet. */
export const newAlarm = (device: string): DeviceAlarm => ({
  device,
  judgedUntil: 0,
  recent: [],
  windows: [],
  raised: false,
  raisedAt: null,
  mode: null,
  lastSent: 0,
  sinceSent: 0,
})

/** The alarm with one more scored window in its memory; windows older than the last n are forgotten. */
export function remember(
  alarm: DeviceAlarm,
  score: Score,
  type: AssetType,
  settings: PolicySettings,
): DeviceAlarm {
  const catalogued = type.failureModes.some((m) => m.name === score.suspectedMode)
  const window: JudgedWindow = {
    end: score.windowEnd,
    failureProbability: score.failureProbability,
    mode: catalogued ? score.suspectedMode : unknownMode,
    from: score.evidence.times[0],
  }
  const over = score.failureProbability >= settings.raiseAt
  return {
    ...alarm,
    judgedUntil: score.windowEnd,
    recent: [...alarm.recent, over].slice(-settings.n),
    windows: [...alarm.windows, window].slice(-settings.n),
    sinceSent: alarm.raised ? alarm.sinceSent + 1 : 0,
  }
}

/** How many of the remembered windows are over the threshold. */
export const countOver = (alarm: DeviceAlarm): number => alarm.recent.filter(Boolean).length

/** True when all of the last n windows are below `clearBelow`. */
export const isCalm = (alarm: DeviceAlarm, { n, clearBelow }: PolicySettings): boolean =>
  alarm.windows.length >= n && alarm.windows.every((w) => w.failureProbability < clearBelow)

/** The mode most of these windows suspect, the newest where two are equal, and how many do. */
export function majorityMode(windows: readonly JudgedWindow[]): { mode: string; votes: number } {
  const votes = new Map<string, number>()
  // Newest first: of equals the first one put in stays ahead.
  for (const { mode } of windows.toReversed()) votes.set(mode, (votes.get(mode) ?? 0) + 1)
  let best = { mode: unknownMode as string, votes: 0 }
  for (const [mode, count] of votes) if (count > best.votes) best = { mode, votes: count }
  return best
}

type Stop = NonNullable<DeviceAlarm['stop']>

const endedBy = ({ from, until }: Stop, time: number): Stop => ({ from, until: Math.min(until, time) })

/** True while a planned stop mutes the device. */
export const isStopped = ({ stop }: DeviceAlarm, time: number): boolean =>
  stop !== undefined && stop.from <= time && time < stop.until

/**
 * The alarm after a planned stop at `time` that lasts `ms`, or until the device is renewed: what ends meanwhile counts
 * neither for nor against, also where it was judged before the stop was told. An alarm that stands stays. Of two stops
 * the later one counts; told again it changes nothing.
 */
export function stopDevice(alarm: DeviceAlarm, time: number, ms: number): DeviceAlarm {
  if (alarm.stop && alarm.stop.from >= time) return alarm
  const whole = { from: time, until: time + ms }
  const renewed = alarm.renewedAt
  const stop = renewed !== undefined && renewed >= time ? endedBy(whole, renewed) : whole
  const counts = alarm.windows.map(({ end }) => end < stop.from || end >= stop.until)
  return {
    ...alarm,
    stop,
    recent: alarm.recent.filter((_, i) => counts[i]),
    windows: alarm.windows.filter((_, i) => counts[i]),
  }
}

/**
 * The alarm after an event that made another machine of the device (installed, repaired, replaced) at `time`: windows
 * with rows up to then no longer count, and an alarm raised by them is over. An event older than the alarm leaves the
 * alarm standing, so that a late or imported history of repairs silences nothing.
 */
export function resetAlarm(alarm: DeviceAlarm, time: number): DeviceAlarm {
  const kept = alarm.windows
    .map((w, i) => ({ w, over: alarm.recent[i]! }))
    .filter(({ w }) => (w.from ?? w.end) > time)
  const memory = {
    ...alarm,
    judgedUntil: Math.max(alarm.judgedUntil, time),
    renewedAt: Math.max(alarm.renewedAt ?? time, time),
    stop: alarm.stop && alarm.stop.from <= time ? endedBy(alarm.stop, time) : alarm.stop,
    recent: kept.map((k) => k.over),
    windows: kept.map((k) => k.w),
  }
  if (alarm.raisedAt === null || alarm.raisedAt > time) return memory
  const trail = extendTrail(alarm.trail, { kind: 'clear', reason: 'renewed' }, time, 0)
  return { ...memory, raised: false, raisedAt: null, mode: null, sinceSent: 0, trail }
}
