import type { Clock } from '../../core/clock.ts'
import type { EventBus, LiveScore, TrendRecord } from '../../core/ports.ts'
import type { ScoringState } from '../../core/score.ts'
import { recordOf, series } from '../../core/series.ts'
import { every, type Rounds } from '../every.ts'
import type { Sink } from './recorder.ts'

/** A device's state as the fleet's page shows it. */
export interface KnownState {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly state: ScoringState
  readonly score?: Pick<LiveScore, 'suspectedMode'> | undefined
}

export interface StateParts {
  readonly bus: Pick<EventBus, 'subscribe'>
  /** The latest state of every device. */
  readonly states: () => ReadonlyMap<string, KnownState>
  readonly sink: Sink
  readonly clock: Clock
  readonly everyMs?: number
}

/**
 * Records a change of state at its event time, and all states as of now every minute: who asks for the last hours
 * finds the state of a device whose last change is older.
 */
export function recordStates({ bus, states, sink, clock, everyMs = 60_000 }: StateParts): Rounds {
  const unsubscribe = bus.subscribe((event) => {
    if (event.kind !== 'device') return
    const known = states().get(event.device)
    if (known) sink([stateRecord({ ...known, state: event.state }, eventTime(event.state))])
  })
  const now = () => sink([...states().values()].map((known) => stateRecord(known, clock.now())))
  const rounds = every(everyMs, now, clock)
  return {
    stop: () => {
      unsubscribe()
      now()
      return rounds.stop()
    },
  }
}

const eventTime = (state: ScoringState) => (state.state === 'scored' ? state.windowEnd : state.since)

function stateRecord({ device, site, assetType, state, score }: KnownState, time: number): TrendRecord {
  const scored = state.state === 'scored'
  return recordOf(
    series.deviceState,
    { site, device, asset_type: assetType },
    {
      scored: Number(scored),
      reason: scored ? 'scored' : state.reason,
      mode: (scored && score?.suspectedMode) || '-',
    },
    time,
  )
}
