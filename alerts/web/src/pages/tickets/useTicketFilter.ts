import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { readFilter, type TicketFilter, writeFilter } from './ticketFilter.ts'

/** The filter lives in the address, so that a view can be sent to a colleague and "back" brings it again. */
export function useTicketFilter(): [TicketFilter, (part: Partial<TicketFilter>) => void] {
  const [params, setParams] = useSearchParams()
  const change = useCallback(
    (part: Partial<TicketFilter>) => setParams((old) => writeFilter(old, part), { replace: true }),
    [setParams],
  )
  return [useMemo(() => readFilter(params), [params]), change]
}
