import { Skeleton } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { type TicketRange, useTicketRange } from '../../../api/ticketList.ts'
import { ProblemAlert } from '../../../components/ProblemAlert.tsx'
import { useNow } from '../../../components/useNow.ts'
import { formatCount } from '../../../lib/format.ts'
import { NoTickets } from '../NoTickets.tsx'
import { isNarrowed, listQuery, type TicketFilter } from '../ticketFilter.ts'
import { BulkBar } from './BulkBar.tsx'
import { TableHead } from './TableHead.tsx'
import classes from './TicketTable.module.css'
import { TicketTableRow } from './TicketTableRow.tsx'
import { type Chosen, useChosen } from './useChosen.ts'

interface TicketTableProps {
  readonly filter: TicketFilter
  readonly change: (part: Partial<TicketFilter>) => void
}

/** A table for the eye at a desk, cards on a phone; one list for everything else. Only what is in sight is drawn. */
export function TicketTable({ filter, change }: TicketTableProps) {
  const [seen, setSeen] = useState({ first: 0, last: 0 })
  const range = useTicketRange(listQuery(filter), seen.first, seen.last)
  const chosen = useChosen()
  if (range.total === undefined) return <Unread range={range} />
  if (range.total === 0) return <NoTickets narrowed={isNarrowed(filter)} />
  return (
    <>
      <BulkBar chosen={chosen} loaded={range.loaded} />
      <div className={classes.frame}>
        <TableHead sort={filter.sort} choose={(sort) => change({ sort })} />
        <Rows range={range} total={range.total} chosen={chosen} see={setSeen} />
      </div>
      <output className={classes.total} data-testid="ticket-total">
        {formatCount(range.total)} {range.total === 1 ? 'ticket' : 'tickets'}
      </output>
    </>
  )
}

const Unread = ({ range }: { range: TicketRange }) =>
  range.error ? (
    <ProblemAlert error={range.error} retry={range.retry} />
  ) : (
    <div aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: 6 }, (_, line) => line).map((line) => (
        <Skeleton key={line} height={56} radius="md" mb="xs" />
      ))}
    </div>
  )

interface RowsProps {
  readonly range: TicketRange
  readonly total: number
  readonly chosen: Chosen
  readonly see: (rows: { first: number; last: number }) => void
}

/** Height of a row before it was measured, px. */
const usualHeight = 62

function Rows({ range, total, chosen, see }: RowsProps) {
  const now = useNow(5000)
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.getBoundingClientRect().top ?? 0 + window.scrollY), [])
  const rows = useWindowVirtualizer({
    count: total,
    estimateSize: () => usualHeight,
    overscan: 8,
    scrollMargin: top,
  })
  const shown = rows.getVirtualItems()
  const first = shown[0]?.index ?? 0
  const last = shown.at(-1)?.index ?? 0
  useLayoutEffect(() => see({ first, last }), [see, first, last])

  return (
    <ul
      ref={list}
      className={classes.list}
      style={{ height: rows.getTotalSize() }}
      aria-label="Tickets"
      data-testid="tickets"
    >
      {shown.map(({ index, start }) => {
        const ticket = range.at(index)
        return (
          <li
            key={index}
            ref={rows.measureElement}
            data-index={index}
            className={classes.item}
            style={{ transform: `translateY(${start - top}px)` }}
            aria-posinset={index + 1}
            aria-setsize={total}
          >
            {ticket ? (
              <TicketTableRow ticket={ticket} chosen={chosen} now={now} />
            ) : (
              <div className={classes.waiting} aria-hidden />
            )}
          </li>
        )
      })}
    </ul>
  )
}
