import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { keys } from './keys.ts'
import { useLiveEvents } from './live.tsx'
import type { DeviceList, DeviceView, LiveScore, Ticket, TicketDetail, TicketList } from './types.ts'

/** Scores come in many a second; the fleet is redrawn this often. */
const flushMs = 500

function putTicket(client: QueryClient, ticket: Ticket) {
  client.setQueryData<TicketList>(keys.tickets, (old) => {
    if (!old) return old
    const others = old.tickets.filter((t) => t.id !== ticket.id)
    return { tickets: [ticket, ...others].sort((a, b) => b.openedAt - a.openedAt || b.id - a.id) }
  })
  client.setQueryData<TicketDetail>(keys.ticket(ticket.id), (old) => old && { ...old, ticket })
  void client.invalidateQueries({ queryKey: keys.ticket(ticket.id) })
  void client.invalidateQueries({ queryKey: keys.evidence(ticket.id) })
  void client.invalidateQueries({ queryKey: keys.device(ticket.device) })
  void client.invalidateQueries({ queryKey: keys.devices })
}

type Patch = Partial<Pick<DeviceView, 'score' | 'state'>>

/** Lays scores over the devices they belong to; the reason text goes with the state. */
function patchDevices(client: QueryClient, patches: ReadonlyMap<string, Patch>) {
  client.setQueryData<DeviceList>(keys.devices, (old) => {
    if (!old) return old
    return {
      devices: old.devices.map((d) => {
        const patch = patches.get(d.device)
        return patch ? { ...d, ...patch } : d
      }),
    }
  })
}

const scored = (score: LiveScore): Patch => ({
  score,
  state: { state: 'scored', windowEnd: score.windowEnd },
})

/** Keeps what the page has read equal to what happens. `onOpened` hears of every ticket that was opened just now. */
export function useLiveCache(onOpened: (ticket: Ticket) => void): void {
  const client = useQueryClient()
  const waiting = useRef(new Map<string, Patch>())

  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.size === 0) return
      patchDevices(client, waiting.current)
      waiting.current = new Map()
    }, flushMs)
    return () => clearInterval(timer)
  }, [client])

  useLiveEvents((event) => {
    if (event.kind === 'hello') void client.invalidateQueries()
    if (event.kind === 'scores') {
      for (const s of event.scores) if (s.role !== 'challenger') waiting.current.set(s.device, scored(s))
    }
    if (event.kind === 'device') {
      waiting.current.set(event.device, { ...waiting.current.get(event.device), state: event.state })
    }
    if (event.kind === 'ticket') {
      putTicket(client, event.ticket)
      if (event.change === 'opened') onOpened(event.ticket)
    }
  })
}
