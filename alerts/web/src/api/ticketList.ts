import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { getJson, query } from './client.ts'
import { keys } from './keys.ts'
import type { Ticket, TicketList } from './types.ts'

/** Filter and order of a list of tickets; the server does both. */
export interface TicketListQuery {
  readonly state?: string
  readonly site?: string
  readonly device?: string
  readonly assetType?: string
  readonly mode?: string
  readonly priority?: string
  readonly automation?: string
  readonly search?: string
  readonly sort?: string
}

/** Rows that are asked for at once. */
export const pageSize = 100
/** Live events keep lists fresh; this heals what an event missed. */
const seldom = 60_000

const listOf = (asked: TicketListQuery, offset: number, limit: number) => ({
  queryKey: [...keys.tickets, asked, offset, limit],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    getJson<TicketList>(`/api/tickets${query({ ...asked, offset, limit })}`, signal),
  refetchInterval: seldom,
})

/** The first of a list. */
export const useTickets = (asked: TicketListQuery, limit: number) =>
  useQuery({ ...listOf(asked, 0, limit), placeholderData: keepPreviousData })

export const csvHref = (asked: TicketListQuery): string => `/api/tickets.csv${query({ ...asked })}`

export interface TicketRange {
  /** Undefined until the first page is here. */
  readonly total: number | undefined
  readonly error: Error | null
  /** Undefined: on its way. */
  readonly at: (index: number) => Ticket | undefined
  readonly loaded: readonly Ticket[]
  readonly retry: () => void
}

/** Rows `first` to `last` of a list that may be long: only the pages that are looked at are read. */
export function useTicketRange(asked: TicketListQuery, first: number, last: number): TicketRange {
  const from = Math.floor(first / pageSize)
  const until = Math.max(from, Math.floor(last / pageSize))
  const pages = [...new Set([0, ...Array.from({ length: until - from + 1 }, (_, i) => from + i)])]
  const results = useQueries({ queries: pages.map((page) => listOf(asked, page * pageSize, pageSize)) })
  const byPage = new Map(pages.map((page, i) => [page, results[i]?.data?.tickets]))
  return {
    total: results.find((result) => result.data)?.data?.total,
    error: results.find((result) => result.error && !result.data)?.error ?? null,
    at: (index) => byPage.get(Math.floor(index / pageSize))?.[index % pageSize],
    loaded: [...byPage.values()].flatMap((tickets) => tickets ?? []),
    retry: () => {
      for (const result of results) if (result.error) void result.refetch()
    },
  }
}
