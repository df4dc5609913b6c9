import { isFinished } from '../../../core/ticket.ts'
import { explainWhy, reasonWords } from '../../policy/why.ts'
import type { ServerDeps } from '../deps.ts'
import type { DeviceDecisions } from '../schemas/decisions.ts'
import { viewAlarm } from './alarm.ts'
import { viewDevice } from './device.ts'

/** Why a device has, or has not, a ticket: the sentence, and what it rests on. Throws DEVICE_UNKNOWN. */
export async function viewDecisions(deps: ServerDeps, name: string): Promise<DeviceDecisions> {
  const device = await deps.register.get(name)
  const [alarm, tickets] = await Promise.all([deps.alarm(name), deps.tickets.list({ device: name })])
  const openTicket = tickets.find(({ state }) => !isFinished(state)) ?? null
  const { state, reasonText } = viewDevice(device, deps.states().get(name), openTicket?.id ?? null)
  const settings = deps.settings.inForce.settingsOf(device.assetType)
  const answer = explainWhy({
    device: name,
    alarm,
    settings,
    notScored: state.state === 'not_scored' ? { words: reasonText!, since: state.since } : null,
    openTicket,
    finished: tickets.find((ticket) => isFinished(ticket.state)) ?? null,
    mutes: [],
    parent: null,
  })
  return {
    device: name,
    answer,
    openTicket: openTicket?.id ?? null,
    state,
    reasonText,
    alarm: alarm ? viewAlarm(alarm, settings) : null,
    runs: (alarm?.trail ?? []).toReversed().map(({ detail = null, ...run }) => ({
      ...run,
      words: reasonWords(run.reason),
      detail,
    })),
  }
}
