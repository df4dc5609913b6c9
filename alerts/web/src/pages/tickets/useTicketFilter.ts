import { useCallback } from 'react'
import { useSearchParams } from 'wouter'
import { ticketStates } from '../../../../../core/ticket.ts'
import type { StateChoice, TicketFilter } from './ticketFilter.ts'

const choices: readonly string[] = ['unfinished', 'all', ...ticketStates]

function read(params: URLSearchParams): TicketFilter {
  const state = params.get('state') ?? 'unfinished'
  return {
    state: (choices.includes(state) ? state : 'unfinished') as StateChoice,
    site: params.get('site') ?? '',
    search: params.get('search') ?? '',
    sort: params.get('sort') === 'newest' ? 'newest' : 'priority',
  }
}

/** The filter lives in the address, so that a view can be sent to a colleague and "back" brings it again. */
export function useTicketFilter(): [TicketFilter, (part: Partial<TicketFilter>) => void] {
  const [params, setParams] = useSearchParams()
  const change = useCallback(
    (part: Partial<TicketFilter>) => {
      setParams(
        (old) => {
          const next = new URLSearchParams(old)
          for (const [key, value] of Object.entries(part)) value ? next.set(key, value) : next.delete(key)
          return next
        },
        { replace: true },
      )
    },
    [setParams],
  )
  return [read(params), change]
}
