import type { Device } from '../../../core/device.ts'
import type { MaintenanceScope } from '../../../core/maintenance.ts'
import type { DeviceAlarm } from '../../../core/ports.ts'
import { isFinished } from '../../../core/ticket.ts'
import { covers } from '../../policy/plant.ts'
import { explainWhy, type Mute, reasonWords } from '../../policy/why.ts'
import type { ServerDeps } from '../deps.ts'
import type { DeviceDecisions } from '../schemas/decisions.ts'
import { viewAlarm } from './alarm.ts'
import { viewDevice } from './device.ts'

/**
 * Maintenance and planned stop in force: at its newest window, for a device lives in its own time, or by the clock, for what
 * was just registered.
 */
async function mutesOf(
  { maintenance, clock }: ServerDeps,
  device: Device,
  alarm: DeviceAlarm | undefined,
): Promise<Mute[]> {
  const times = [...(alarm ? [alarm.judgedUntil] : []), clock.now()]
  const concerns: Record<MaintenanceScope, string> = {
    device: device.device,
    site: device.site,
    asset_type: device.assetType,
  }
  const windows = (await maintenance.list()).filter(
    (window) => concerns[window.scope] === window.of && times.some((time) => covers(window, time)),
  )
  const stop = alarm?.stop
  return [
    ...windows.map(({ from, to, reason }) => ({ kind: 'maintenance' as const, from, until: to, reason })),
    ...(stop && times.some((time) => covers({ from: stop.from, to: stop.until }, time))
      ? [{ kind: 'planned_stop' as const, ...stop, reason: 'planned stop' }]
      : []),
  ]
}

/** Why a device has, or has not, a ticket: the sentence, and what it rests on. Throws DEVICE_UNKNOWN. */
export async function viewDecisions(deps: ServerDeps, name: string): Promise<DeviceDecisions> {
  const device = await deps.register.get(name)
  const [alarm, tickets] = await Promise.all([deps.alarm(name), deps.tickets.list({ device: name })])
  const openTicket = tickets.find(({ state }) => !isFinished(state)) ?? null
  const { state, reasonText } = viewDevice(device, deps.states().get(name), openTicket?.id ?? null)
  const mutes = await mutesOf(deps, device, alarm)
  const answer = explainWhy({
    device: name,
    alarm,
    settings: deps.policy,
    notScored: state.state === 'not_scored' ? { words: reasonText!, since: state.since } : null,
    openTicket,
    finished: tickets.find((ticket) => isFinished(ticket.state)) ?? null,
    mutes,
    parent: null,
  })
  return {
    device: name,
    answer,
    openTicket: openTicket?.id ?? null,
    state,
    reasonText,
    alarm: alarm ? viewAlarm(alarm, deps.policy) : null,
    mutes,
    runs: (alarm?.trail ?? []).toReversed().map(({ detail = null, ...run }) => ({
      ...run,
      words: reasonWords(run.reason),
      detail,
    })),
  }
}
