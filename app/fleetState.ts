import type { DeviceState } from '../alerts/http/deps.ts'
import type { Catalogue } from '../core/catalogue.ts'
import type { LiveScore } from '../core/ports.ts'
import type { Score, ScoringState } from '../core/score.ts'
import type { DeviceScoring } from './threads/scorerProtocol.ts'

/** A device that has missed so many cadences is silent: its last score says nothing about today. */
const silentAfterCadences = 12
/** Readings may be under way; before this much wall-clock time nobody is called silent. */
const leastQuietMs = 5_000

interface Heard {
  /** When the newest slice with readings of it came, by the clock that never jumps, ms. */
  at: number
  /** Newest event time known of it, ms. */
  time: number
}

type Place = Pick<DeviceState, 'device' | 'site' | 'assetType'>

/** A score as it is charted and sent live: without its window. */
export const liveScore = (score: Score): LiveScore => ({
  device: score.device,
  site: score.site,
  assetType: score.assetType,
  windowEnd: score.windowEnd,
  model: score.model,
  role: score.role,
  anomaly: score.anomaly,
  rul: score.rul,
  failureProbability: score.failureProbability,
  contributions: score.contributions,
  suspectedMode: score.suspectedMode,
})

/** The latest state of every device: what the scorer said last, unless the device has fallen silent since. */
export class FleetState {
  private readonly devices = new Map<string, DeviceState>()
  private readonly heard = new Map<string, Heard>()
  /** Newest event time of each asset type, ms. */
  private readonly newest = new Map<string, number>()

  constructor(private readonly catalogue: Catalogue) {}

  states(): ReadonlyMap<string, DeviceState> {
    return this.devices
  }

  /** A device is known, nothing more: it is `not scored: no data` until the scorer says otherwise. */
  appeared({ device, site, assetType }: Place, since: number): void {
    if (this.devices.has(device)) return
    this.devices.set(device, {
      device,
      site,
      assetType,
      state: { state: 'not_scored', reason: 'no_data', since },
    })
  }

  /** Takes a slice over at `now` (Clock.elapsed) and returns the devices whose state has another name than before. */
  scored(scores: readonly Score[], states: readonly DeviceScoring[], now: number): DeviceScoring[] {
    const changed = states.filter((s) => nameOf(this.devices.get(s.device)?.state) !== nameOf(s.state))
    for (const state of states) {
      const known = this.devices.get(state.device)
      this.devices.set(state.device, known?.score ? { ...state, score: known.score } : state)
      this.note(state, now)
    }
    for (const score of scores) {
      const known = this.devices.get(score.device)
      if (known) this.devices.set(score.device, { ...known, score: liveScore(score) })
    }
    return changed
  }

  /**
   * Devices that have fallen silent by `now` (Clock.elapsed): 12 cadences without a reading, by the clock or by the
   * event time of their kind (a replay or a simulation runs faster than the clock).
   */
  fallenSilent(now: number): DeviceScoring[] {
    const silent: DeviceScoring[] = []
    for (const [device, heard] of this.heard) {
      if (!this.isSilent(device, heard, now)) continue
      const { site, assetType } = this.devices.get(device)!
      const state = { state: 'not_scored', reason: 'silent', since: heard.time } as const
      silent.push({ device, site, assetType, state })
    }
    for (const state of silent) {
      this.devices.set(state.device, { ...this.devices.get(state.device), ...state })
      this.heard.delete(state.device)
    }
    return silent
  }

  private isSilent(device: string, { at, time }: Heard, now: number): boolean {
    // First what spares most devices the rest: this goes over all of them every second.
    if (now - at < leastQuietMs) return false
    const { assetType } = this.devices.get(device)!
    const limit = silentAfterCadences * this.catalogue.get(assetType)!.cadenceMs
    const behind = (this.newest.get(assetType) ?? time) - time
    return behind >= limit || now - at >= limit
  }

  private note({ device, assetType, state }: DeviceScoring, now: number): void {
    const heard = this.heard.get(device)
    const time = state.state === 'scored' ? state.windowEnd : (heard?.time ?? state.since)
    if (!heard) this.heard.set(device, { at: now, time })
    else [heard.at, heard.time] = [now, time]
    if (time > (this.newest.get(assetType) ?? Number.NEGATIVE_INFINITY)) this.newest.set(assetType, time)
  }
}

const nameOf = (state: ScoringState | undefined) =>
  state && (state.state === 'scored' ? 'scored' : state.reason)
