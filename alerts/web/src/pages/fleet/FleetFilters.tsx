import { NativeSelect, TextInput } from '@mantine/core'
import type { DeviceView } from '../../api/types.ts'
import { IconSearch } from '../../components/icons.ts'
import { useAssetTypes } from '../../components/useAssetTypes.ts'
import { type Risk, riskLabels } from '../../lib/deviceWords.ts'
import classes from '../tickets/TicketFilters.module.css'
import type { FleetFilter } from './fleetFilter.ts'

interface FleetFiltersProps {
  readonly devices: readonly DeviceView[]
  readonly filter: FleetFilter
  readonly change: (part: Partial<FleetFilter>) => void
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort()

export function FleetFilters({ devices, filter, change }: FleetFiltersProps) {
  const types = useAssetTypes()
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.search}
        aria-label="Search device or site"
        placeholder="Search device or site"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
        data-testid="fleet-search"
      />
      <NativeSelect
        aria-label="State"
        value={filter.risk}
        onChange={(event) => change({ risk: event.currentTarget.value as Risk | '' })}
        data={[
          { value: '', label: 'Every state' },
          ...Object.entries(riskLabels).map(([value, label]) => ({ value, label })),
        ]}
        data-testid="fleet-state-filter"
      />
      <NativeSelect
        aria-label="Site"
        value={filter.site}
        onChange={(event) => change({ site: event.currentTarget.value })}
        data={[{ value: '', label: 'Every site' }, ...distinct(devices.map((d) => d.site))]}
      />
      <NativeSelect
        aria-label="Type"
        value={filter.assetType}
        onChange={(event) => change({ assetType: event.currentTarget.value })}
        data={[
          { value: '', label: 'Every type' },
          ...distinct(devices.map((d) => d.assetType)).map((name) => ({
            value: name,
            label: types.get(name)?.label ?? name,
          })),
        ]}
      />
    </search>
  )
}
