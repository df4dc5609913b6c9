import type { DeviceState } from '../alerts/http/deps.ts'
import type { LiveScore } from '../core/ports.ts'
import type { Score } from '../core/score.ts'
import type { DeviceScoring } from './threads/scorerProtocol.ts'

/** A score as it is charted and sent live: without its window. */
export function liveScore({ evidence: _evidence, publishedAt: _publishedAt, ...score }: Score): LiveScore {
  return score
}

/** The latest state of every device: what the scorer said last, and a device that only registered so far. */
export class FleetState {
  private readonly devices = new Map<string, DeviceState>()

  states(): ReadonlyMap<string, DeviceState> {
    return this.devices
  }

  /** A device is known, nothing more: it is `not scored: no data` until the scorer says otherwise. */
  appeared(device: { device: string; site: string; assetType: string }, since: number): void {
    if (this.devices.has(device.device)) return
    this.devices.set(device.device, { ...device, state: { state: 'not_scored', reason: 'no_data', since } })
  }

  /** Takes a slice over and returns the devices whose state has another name than before. */
  scored(scores: readonly Score[], states: readonly DeviceScoring[]): DeviceScoring[] {
    const changed = states.filter((s) => nameOf(this.devices.get(s.device)) !== nameOf(s))
    for (const state of states)
      this.devices.set(state.device, { ...this.devices.get(state.device), ...state })
    for (const score of scores) {
      const known = this.devices.get(score.device)
      if (known) this.devices.set(score.device, { ...known, score: liveScore(score) })
    }
    return changed
  }
}

const nameOf = (device: Pick<DeviceState, 'state'> | undefined) =>
  device && (device.state.state === 'scored' ? 'scored' : device.state.reason)
