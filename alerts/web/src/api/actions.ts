import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, patchJson, path, postJson } from './client.ts'
import { keys } from './keys.ts'
import type {
  DeviceWish,
  LifeEventBody,
  ManyAnswered,
  RegisteredDevice,
  Ticket,
  TicketAction,
} from './types.ts'

/** What a planner sends beside who it is and the version that was seen. */
export interface ActionDetails {
  readonly note?: string | undefined
  readonly scheduledFor?: number | undefined
  readonly verdict?: string | undefined
  readonly verdictMode?: string | undefined
}

interface TicketStep {
  /** The ticket as the planner saw it: its version goes with the change. */
  readonly ticket: Pick<Ticket, 'id' | 'version'>
  readonly action: TicketAction
  readonly details?: ActionDetails
}

const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409

/** What a change of a ticket, or one that came too late, makes stale. */
export const ticketWentStale = (client: QueryClient, id: number) =>
  Promise.all(
    [keys.ticket(id), keys.tickets, keys.devices].map((queryKey) => client.invalidateQueries({ queryKey })),
  )

/** One change of a ticket; the error is an ApiError, 409 where someone was faster: then the newest state is read. */
export function useTicketAction(actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ ticket, action, details }: TicketStep) =>
      postJson<Ticket>(path`/api/tickets/${ticket.id}/${action}`, {
        actor,
        version: ticket.version,
        ...details,
      }),
    onSuccess: ({ id }) => ticketWentStale(client, id),
    onError: (error, { ticket }) => {
      if (isConflict(error)) void ticketWentStale(client, ticket.id)
    },
  })
}

/** Takes many tickets on, each with the version that was seen; each has an answer of its own. */
export function useBulkAcknowledge(actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (tickets: readonly Ticket[]) =>
      postJson<ManyAnswered>('/api/tickets/acknowledge', {
        actor,
        tickets: tickets.map(({ id, version }) => ({ id, version })),
      }),
    onSuccess: () =>
      Promise.all([keys.tickets, keys.devices].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** How a ticket is taken apart, put together or taken up again. */
export type Reshaping =
  | { readonly kind: 'merge'; readonly into: number; readonly note?: string }
  | { readonly kind: 'split'; readonly device?: string; readonly mode?: string; readonly note?: string }
  | { readonly kind: 'reopen'; readonly reason: string }

/** The answer is the ticket to go on with: the one merged into, the part split off, or the same one. */
export function useReshape(ticket: Pick<Ticket, 'id' | 'version'>, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ kind, ...wish }: Reshaping) =>
      postJson<Ticket>(path`/api/tickets/${ticket.id}/${kind}`, { actor, version: ticket.version, ...wish }),
    onSuccess: ({ id }) => Promise.all([ticketWentStale(client, ticket.id), ticketWentStale(client, id)]),
    onError: (error) => {
      if (isConflict(error)) void ticketWentStale(client, ticket.id)
    },
  })
}

export function useComment(id: number, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => postJson(path`/api/tickets/${id}/comment`, { actor, note }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.ticket(id) }),
  })
}

/** What the register says of a machine: on what it hangs and how much it matters. */
export function useRegister(device: string, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wish: Omit<DeviceWish, 'actor'>) =>
      patchJson<RegisteredDevice>(path`/api/devices/${device}`, { ...wish, actor }),
    onSuccess: () =>
      Promise.all(
        [keys.device(device), keys.devices, keys.tickets].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
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
