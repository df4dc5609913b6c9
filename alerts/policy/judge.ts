import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { LifeEvent } from '../../core/device.ts'
import type { AlarmState, DeviceAlarm, PredictionQueue } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'
import { newAlarm, resetAlarm, stopDevice } from './alarm.ts'
import type { Decision, Judgement } from './decision.ts'
import { type Plant, quietPlant } from './plant.ts'
import { judge } from './policy.ts'
import { type PolicySettings, stopMs } from './settings.ts'

/** After these the device is, for the policy, another machine. `failed` leaves its alarm alone, `planned_stop` mutes it. */
const renewing: ReadonlySet<LifeEvent['kind']> = new Set(['installed', 'repaired', 'replaced'])

/** True for an event that ends the device's alarm. */
export const renews = (kind: LifeEvent['kind']): boolean => renewing.has(kind)

export interface Judge {
  /** Reads what the policy remembers; once, before the first score. */
  load(): Promise<void>
  /**
   * One decision a score, in the order given; scores of one device oldest first. Resolves when every prediction is in
   * the queue and the alarms are kept. Rejects (QUEUE_UNAVAILABLE or what the alarm state throws) with nothing
   * remembered: the same scores can be given again, and their predictions have the same ids.
   */
  judge(scores: readonly Score[]): Promise<Decision[]>
  /** A life event: one that renews the device ends its alarm, see `resetAlarm`; a planned stop mutes it, see `stopDevice`. */
  event(event: Pick<LifeEvent, 'device' | 'kind' | 'time'>): Promise<void>
  /** As of an event at `time`, ms: windows ending at or before it no longer count. */
  reset(device: string, time: number): Promise<void>
  alarm(device: string): DeviceAlarm | undefined
  alarms(): ReadonlyMap<string, DeviceAlarm>
}

export interface JudgeParts {
  readonly alarms: AlarmState
  readonly queue: Pick<PredictionQueue, 'add'>
  readonly settings: PolicySettings
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** Default: nothing goes on around the devices. */
  readonly plant?: Plant | undefined
}

/**
 * The policy over all devices, with its memory. What goes out goes out in this order: predictions into the queue, then
 * the alarms. A crash between the two judges the same windows again, and the ids make that harmless; the other order
 * would forget a raise.
 */
export function createJudge(parts: JudgeParts): Judge {
  const { alarms, queue, settings, catalogue, clock, plant = quietPlant } = parts
  let memory = new Map<string, DeviceAlarm>()
  let turn: Promise<unknown> = Promise.resolve()

  /** One after the other: two batches at once would both start from the same memory. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  async function keep(changed: ReadonlyMap<string, DeviceAlarm>): Promise<void> {
    if (changed.size === 0) return
    await alarms.save([...changed.values()])
    for (const [device, alarm] of changed) memory.set(device, alarm)
  }

  function decide(score: Score, changed: Map<string, DeviceAlarm>): Decision {
    const before = changed.get(score.device) ?? memory.get(score.device)
    const type = catalogue.get(score.assetType)
    if (!type) return { kind: 'hold', reason: 'unknown_asset_type' }
    const { alarm, decision }: Judgement = judge(before, score, type, settings, clock.now(), plant)
    if (alarm !== before) changed.set(score.device, alarm)
    return decision
  }

  async function judgeBatch(scores: readonly Score[]): Promise<Decision[]> {
    const changed = new Map<string, DeviceAlarm>()
    const decisions = scores.map((score) => decide(score, changed))
    for (const { prediction } of decisions) if (prediction) await queue.add(prediction)
    await keep(changed)
    return decisions
  }

  /** An event that is dated ahead counts from now: it must not keep the windows until then from being judged. */
  async function resetDevice(device: string, time: number): Promise<void> {
    const alarm = memory.get(device) ?? newAlarm(device)
    await keep(new Map([[device, resetAlarm(alarm, Math.min(time, clock.now()))]]))
  }

  async function stop(device: string, time: number): Promise<void> {
    const alarm = memory.get(device) ?? newAlarm(device)
    const stopped = stopDevice(alarm, time, stopMs(settings))
    if (stopped !== alarm) await keep(new Map([[device, stopped]]))
  }

  const reset = (device: string, time: number) => inTurn(() => resetDevice(device, time))

  return {
    load: () =>
      inTurn(async () => {
        memory = await alarms.load()
      }),
    judge: (scores) => inTurn(() => judgeBatch(scores)),
    reset,
    async event({ device, kind, time }) {
      if (renews(kind)) await reset(device, time)
      else if (kind === 'planned_stop') await inTurn(() => stop(device, time))
    },
    alarm: (device) => memory.get(device),
    alarms: () => memory,
  }
}
