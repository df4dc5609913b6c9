import type { Device } from '../../../core/device.ts'
import { notScoredReasons } from '../../../core/score.ts'
import { isFinished, ticketStates } from '../../../core/ticket.ts'
import type { DeviceState, ServerDeps } from '../deps.ts'
import type { DeviceView } from '../schemas/devices.ts'

export const unfinishedStates = ticketStates.filter((state) => !isFinished(state))

/** More than a planner can have open. */
const maxOpen = 1000

/** A device before its first score: nothing is known, which is not healthy. */
const unheard = (device: Device): DeviceState => ({
  ...device,
  state: { state: 'not_scored', reason: 'no_data', since: device.firstSeen },
})

export function viewDevice(
  device: Device,
  known: DeviceState | undefined,
  openTicket: number | null,
): DeviceView {
  const { state, score } = known ?? unheard(device)
  return {
    device: device.device,
    site: device.site,
    assetType: device.assetType,
    criticality: device.criticality,
    firstSeen: device.firstSeen,
    state,
    reasonText: state.state === 'not_scored' ? notScoredReasons[state.reason] : null,
    score: score ?? null,
    openTicket,
  }
}

/** A device that was heard but is not registered yet: the register follows within moments. */
const unregistered = ({ device, site, assetType, state }: DeviceState): Device => ({
  device,
  site,
  assetType,
  parent: null,
  criticality: 'medium',
  firstSeen: state.state === 'scored' ? state.windowEnd : state.since,
})

/** Every device of the register, and those the scorer already hears of, by name. */
export async function viewFleet({ register, tickets, states }: ServerDeps): Promise<DeviceView[]> {
  const heard = states()
  const registered = new Map((await register.list()).map((d) => [d.device, d]))
  const missing = [...heard.values()].filter((d) => !registered.has(d.device)).map(unregistered)
  // Newest first: of several open tickets the newest is the last one put in.
  const open = await tickets.page({ states: unfinishedStates, limit: maxOpen })
  const ticketOf = new Map(
    open.tickets
      .toReversed()
      .flatMap((t) => (t.prediction.disturbance?.devices ?? [t.device]).map((d) => [d, t.id])),
  )
  return [...registered.values(), ...missing]
    .map((d) => viewDevice(d, heard.get(d.device), ticketOf.get(d.device) ?? null))
    .sort((a, b) => a.device.localeCompare(b.device, 'en', { numeric: true }))
}
