import { ForewarnError } from '../../../core/errors.ts'
import type { TicketQuery } from '../../../core/ports.ts'
import { isFinished, type TicketState, ticketStates } from '../../../core/ticket.ts'
import type { TicketSelection } from '../schemas/tickets.ts'

/** A selection as the store knows it. */
export const wantedBy = ({
  state,
  site,
  device,
  assetType,
  mode,
  priority,
  automation,
  ...rest
}: TicketSelection): TicketQuery => ({
  ...rest,
  states: statesOf(state),
  sites: site,
  devices: device,
  assetTypes: assetType,
  modes: mode,
  priorities: priority,
  automations: automation,
})

/** `open,scheduled`, or `unfinished`; nothing means all. */
function statesOf(wanted: string | undefined): TicketState[] | undefined {
  if (!wanted) return undefined
  if (wanted === 'unfinished') return ticketStates.filter((state) => !isFinished(state))
  return wanted.split(',').map((name) => {
    const state = ticketStates.find((s) => s === name.trim())
    if (state) return state
    const known = [...ticketStates, 'unfinished'].join(', ')
    throw new ForewarnError('REQUEST_INVALID', { problem: `there is no state ${name}; there are ${known}` })
  })
}
