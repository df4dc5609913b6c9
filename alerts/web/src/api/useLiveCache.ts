import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { keys } from './keys.ts'
import { useLiveEvents } from './live.tsx'
import type { DeviceList, DeviceView, LiveScore, Ticket, TicketDetail, TicketList } from './types.ts'

/** Scores come in many a second; the fleet is redrawn this often. */
const redrawMs = 500
/** An open ticket takes in new forecasts all the time; what hangs on it is read again this often at most. */
const readAgainMs = 1500

type Patch = Partial<Pick<DeviceView, 'score' | 'state'>>

/** Keeps what the page has read equal to what happens. `onOpened` hears of every ticket that was opened just now. */
export function useLiveCache(onOpened: (ticket: Ticket) => void): void {
  const client = useQueryClient()
  const patches = useRef(new Map<string, Patch>())
  const stale = useRef(new Map<string, QueryKey>())

  useEvery(redrawMs, () => {
    if (patches.current.size > 0) patchDevices(client, patches.current)
    patches.current = new Map()
  })
  useEvery(readAgainMs, () => {
    for (const queryKey of stale.current.values()) void client.invalidateQueries({ queryKey })
    stale.current = new Map()
  })

  useLiveEvents((event) => {
    if (event.kind === 'hello') void client.invalidateQueries()
    if (event.kind === 'scores') {
      for (const s of event.scores) if (s.role !== 'challenger') patches.current.set(s.device, scored(s))
    }
    if (event.kind === 'device') {
      patches.current.set(event.device, { ...patches.current.get(event.device), state: event.state })
    }
    if (event.kind === 'ticket') {
      putTicket(client, event.ticket)
      for (const key of hangingOn(event.ticket)) stale.current.set(JSON.stringify(key), key)
      if (event.change === 'opened') onOpened(event.ticket)
    }
  })
}

function useEvery(ms: number, work: () => void): void {
  const newest = useRef(work)
  useEffect(() => {
    newest.current = work
  })
  useEffect(() => {
    const timer = setInterval(() => newest.current(), ms)
    return () => clearInterval(timer)
  }, [ms])
}

/** Lays scores and states over the devices they belong to. */
function patchDevices(client: QueryClient, patches: ReadonlyMap<string, Patch>) {
  const patched = (device: DeviceView): DeviceView => {
    const patch = patches.get(device.device)
    return patch ? { ...device, ...patch } : device
  }
  client.setQueryData<DeviceList>(keys.devices, (old) => old && { devices: old.devices.map(patched) })
}

const scored = (score: LiveScore): Patch => ({
  score,
  state: { state: 'scored', windowEnd: score.windowEnd },
})

const newestFirst = (a: Ticket, b: Ticket): number => b.openedAt - a.openedAt || b.id - a.id

function putTicket(client: QueryClient, ticket: Ticket) {
  client.setQueryData<TicketDetail>(keys.ticket(ticket.id), (old) => old && { ...old, ticket })
  client.setQueryData<TicketList>(keys.tickets, (old) => {
    const others = old?.tickets.filter((t) => t.id !== ticket.id) ?? []
    return old && { ...old, tickets: [ticket, ...others].sort(newestFirst) }
  })
}

const hangingOn = ({ id, device }: Ticket): readonly QueryKey[] => [
  keys.ticket(id),
  keys.evidence(id),
  keys.device(device),
  keys.devices,
]
