import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { priorityLevels } from '../../../../../core/priority.ts'
import { ticketStates } from '../../../../../core/ticket.ts'
import { IconFilterOff, IconSearch } from '../../components/icons.ts'
import { useAssetTypes, wordsOf } from '../../components/useAssetTypes.ts'
import { useSites } from '../../components/useSites.ts'
import { useTyped } from '../../components/useTyped.ts'
import { priorityLabels } from '../../lib/priority.ts'
import { automationLabels, automations, stateLabels } from '../../lib/ticketWords.ts'
import classes from './TicketFilters.module.css'
import { isNarrowed, sortChoices, type TicketFilter } from './ticketFilter.ts'

interface TicketFiltersProps {
  readonly filter: TicketFilter
  readonly change: (part: Partial<TicketFilter>) => void
}

const sortLabels = {
  act_by: 'Act by, soonest first',
  priority: 'Most pressing first',
  opened: 'Newest first',
}
const states = [
  { value: 'unfinished', label: 'Unfinished' },
  ...ticketStates.map((state) => ({ value: state, label: stateLabels[state] })),
  { value: 'all', label: 'Every state' },
]
const nothing: Partial<TicketFilter> = {
  state: 'unfinished',
  site: '',
  assetType: '',
  mode: '',
  priority: '',
  automation: '',
  search: '',
}

/** Each choice on its own; all of them hold together. */
export function TicketFilters({ filter, change }: TicketFiltersProps) {
  const [search, type] = useTyped(filter.search, (words) => change({ search: words }))
  const choices = useChoices(filter)
  const [unfolded, { toggle }] = useDisclosure()
  return (
    <search className={classes.filters} data-unfolded={unfolded || undefined}>
      <TextInput
        className={classes.search}
        aria-label="Search number, device, site or failure mode"
        placeholder="Search number, device, site, failure mode"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => type(event.currentTarget.value)}
        data-testid="ticket-search"
      />
      <Button
        hiddenFrom="xs"
        variant="default"
        aria-expanded={unfolded}
        onClick={toggle}
        data-testid="ticket-filters-unfold"
      >
        Filter and order
      </Button>
      {choices.map(({ name, label, data }) => (
        <NativeSelect
          key={name}
          className={classes.choice}
          aria-label={label}
          value={filter[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value, ...emptied(name) })}
          data={data}
          data-testid={`ticket-${name}-filter`}
        />
      ))}
      {isNarrowed(filter) && (
        <Button
          variant="subtle"
          leftSection={<IconFilterOff size={16} aria-hidden />}
          onClick={() => change(nothing)}
          data-testid="ticket-filter-reset"
        >
          Reset
        </Button>
      )}
    </search>
  )
}

/** A mode belongs to an asset type. */
const emptied = (name: keyof TicketFilter): Partial<TicketFilter> =>
  name === 'assetType' ? { mode: '' } : {}

function useChoices(filter: TicketFilter) {
  const types = useAssetTypes()
  const sites = useSites()
  const modes = [...types.values()]
    .filter((type) => filter.assetType === '' || type.name === filter.assetType)
    .flatMap((type) => type.failureModes)
  const every = (what: string) => ({ value: '', label: `Every ${what}` })
  const all = [
    ...(filter.view === 'table' ? ([{ name: 'state', label: 'State', data: states }] as const) : []),
    { name: 'site', label: 'Site', data: [every('site'), ...sites] },
    {
      name: 'assetType',
      label: 'Asset type',
      data: [every('type'), ...[...types.values()].map(({ name, label }) => ({ value: name, label }))],
    },
    {
      name: 'mode',
      label: 'Failure mode',
      data: [
        every('failure mode'),
        ...[...new Map(modes.map(({ name, label }) => [name, { value: name, label }])).values()],
        ...Object.entries(wordsOf).map(([value, label]) => ({ value, label })),
      ],
    },
    {
      name: 'priority',
      label: 'Priority',
      data: [every('priority'), ...priorityLevels.map((value) => ({ value, label: priorityLabels[value] }))],
    },
    {
      name: 'automation',
      label: 'Automation',
      data: [
        { value: '', label: 'Any automation' },
        ...automations.map((value) => ({ value, label: automationLabels[value] })),
      ],
    },
    {
      name: 'sort',
      label: 'Order',
      data: sortChoices.map((value) => ({ value, label: sortLabels[value] })),
    },
  ] as const
  return all
}
