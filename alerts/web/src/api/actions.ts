import { useMutation, useQueryClient } from '@tanstack/react-query'
import { path, postJson } from './client.ts'
import { keys } from './keys.ts'
import type { LifeEventBody, Ticket, TicketAction } from './types.ts'

/** What a planner sends beside who it is and the version that was seen. */
export interface ActionDetails {
  readonly note?: string | undefined
  readonly scheduledFor?: number | undefined
  readonly verdict?: string | undefined
  readonly verdictMode?: string | undefined
}

/** One change of a ticket; the error is an ApiError, 409 where someone was faster. */
export function useTicketAction(ticket: Pick<Ticket, 'id' | 'version'>, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ action, details }: { action: TicketAction; details?: ActionDetails }) =>
      postJson<Ticket>(path`/api/tickets/${ticket.id}/${action}`, {
        actor,
        version: ticket.version,
        ...details,
      }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.ticket(ticket.id) }),
        client.invalidateQueries({ queryKey: keys.tickets }),
      ]),
  })
}

export function useComment(id: number, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => postJson(path`/api/tickets/${id}/comment`, { actor, note }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.ticket(id) }),
  })
}

export function useLifeEvent(device: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: LifeEventBody) => postJson(path`/api/devices/${device}/events`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.device(device) }),
  })
}

export function useBreak() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ device, mode }: { device: string; mode: string }) =>
      postJson(path`/api/simulator/${device}/break`, { mode }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.simulator }),
  })
}

export function useRepair() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (device: string) => postJson(path`/api/simulator/${device}/repair`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.simulator }),
  })
}
