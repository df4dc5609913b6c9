import type { EventBus, TrendRecord } from '../../core/ports.ts'
import { recordOf, series } from '../../core/series.ts'
import type { Ticket } from '../../core/ticket.ts'
import type { Sink } from './recorder.ts'

/** They change neither the ticket's state nor its suspicion, and come often. */
const unrecorded = ['merged', 'commented', 'reassessed', 'attached', 'detached']

/** Records how tickets come and go, by wall clock as their history does. Returns the way to stop. */
export function recordTickets(bus: Pick<EventBus, 'subscribe'>, sink: Sink): () => void {
  return bus.subscribe((event) => {
    if (event.kind !== 'ticket' || unrecorded.includes(event.change)) return
    sink([ticketRecord(event.ticket, event.change)])
  })
}

function ticketRecord(ticket: Ticket, kind: string): TrendRecord {
  const { id, site, device, assetType, mode, updatedAt } = ticket
  return recordOf(
    series.ticketEvent,
    { site, device, asset_type: assetType, mode, kind },
    { ticket: id, text: wordsOf(ticket, kind) },
    updatedAt,
  )
}

const wordsOf = ({ id, mode, verdict }: Ticket, kind: string) =>
  [`Ticket ${id} ${spoken(kind)}: ${spoken(mode)}`, ...(verdict ? [spoken(verdict)] : [])].join(', ')

const spoken = (name: string) => name.replaceAll('_', ' ')
