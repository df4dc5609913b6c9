import { NativeSelect, TextInput } from '@mantine/core'
import { ticketStates } from '../../../../../core/ticket.ts'
import { IconSearch } from '../../components/icons.ts'
import { stateLabels } from '../../lib/ticketWords.ts'
import classes from './TicketFilters.module.css'
import {
  type SortChoice,
  type StateChoice,
  selectTickets,
  type TicketFilter,
  type TicketRow,
} from './ticketFilter.ts'

interface TicketFiltersProps {
  readonly rows: readonly TicketRow[]
  readonly filter: TicketFilter
  readonly change: (part: Partial<TicketFilter>) => void
}

const stateChoices: readonly { value: StateChoice; label: string }[] = [
  { value: 'unfinished', label: 'Unfinished' },
  ...ticketStates.map((state) => ({ value: state, label: stateLabels[state] })),
  { value: 'all', label: 'All' },
]

/** How many tickets a choice of state would show, the other filters as they are. */
const countOf = (rows: readonly TicketRow[], filter: TicketFilter, state: StateChoice): number =>
  selectTickets(rows, { ...filter, state }).length

export function TicketFilters({ rows, filter, change }: TicketFiltersProps) {
  const sites = [...new Set(rows.map((row) => row.ticket.site))].sort()
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.search}
        aria-label="Search number, device, site or failure mode"
        placeholder="Search number, device, site, failure mode"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
        data-testid="ticket-search"
      />
      <NativeSelect
        aria-label="State"
        value={filter.state}
        onChange={(event) => change({ state: event.currentTarget.value as StateChoice })}
        data={stateChoices.map(({ value, label }) => ({
          value,
          label: `${label} (${countOf(rows, filter, value)})`,
        }))}
        data-testid="ticket-state-filter"
      />
      <NativeSelect
        aria-label="Site"
        value={filter.site}
        onChange={(event) => change({ site: event.currentTarget.value })}
        data={[{ value: '', label: 'Every site' }, ...sites]}
        data-testid="ticket-site-filter"
      />
      <NativeSelect
        aria-label="Order"
        value={filter.sort}
        onChange={(event) => change({ sort: event.currentTarget.value as SortChoice })}
        data={[
          { value: 'priority', label: 'Most urgent first' },
          { value: 'newest', label: 'Newest first' },
        ]}
      />
    </search>
  )
}
