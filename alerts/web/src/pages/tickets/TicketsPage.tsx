import { Button, SegmentedControl } from '@mantine/core'
import { csvHref } from '../../api/ticketList.ts'
import { IconDownload } from '../../components/icons.ts'
import { PageHead } from '../../components/PageHead.tsx'
import { Board } from './board/Board.tsx'
import { TicketFilters } from './TicketFilters.tsx'
import classes from './TicketsPage.module.css'
import { TicketTable } from './table/TicketTable.tsx'
import { listQuery, type TicketView } from './ticketFilter.ts'
import { useTicketFilter } from './useTicketFilter.ts'

/** The start page: what needs someone, the most urgent first. */
export function TicketsPage() {
  const [filter, change] = useTicketFilter()
  const asked = listQuery(filter)
  return (
    <>
      <PageHead
        title="Tickets"
        lead="Failures that the forecast sees coming, and what to do before they happen."
        aside={
          <div className={classes.tools}>
            <SegmentedControl
              aria-label="How tickets are shown"
              value={filter.view}
              onChange={(view) => change({ view: view as TicketView })}
              data={[
                { value: 'table', label: 'Table' },
                { value: 'board', label: 'Board' },
              ]}
              data-testid="view"
            />
            <Button
              component="a"
              href={csvHref(asked)}
              download="tickets.csv"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              data-testid="export"
            >
              CSV
            </Button>
          </div>
        }
      />
      <TicketFilters filter={filter} change={change} />
      {filter.view === 'board' ? (
        <Board filter={filter} />
      ) : (
        <TicketTable key={JSON.stringify(asked)} filter={filter} change={change} />
      )}
    </>
  )
}
