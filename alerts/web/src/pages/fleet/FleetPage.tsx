import { useState } from 'react'
import { useDevices } from '../../api/queries.ts'
import type { DeviceView } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { FleetFilters } from './FleetFilters.tsx'
import { FleetList } from './FleetList.tsx'
import classes from './FleetPage.module.css'
import { countByRisk, everything, type FleetFilter, selectDevices } from './fleetFilter.ts'
import { MaintenanceOverview } from './MaintenanceOverview.tsx'
import { NoticeList } from './NoticeList.tsx'
import { RiskTiles } from './RiskTiles.tsx'
import { SiteList } from './SiteList.tsx'

/** Every machine with what is known of it, and why nothing is known where that is so. */
export function FleetPage() {
  const query = useDevices()
  return (
    <>
      <PageHead
        title="Fleet"
        lead="Every machine that ever sent a reading. One without a valid score is named as such: silence is not health."
      />
      <Loaded query={query} height={48} lines={7}>
        {(devices) => (devices.length > 0 ? <Fleet devices={devices} /> : <NoDevices />)}
      </Loaded>
    </>
  )
}

function Fleet({ devices }: { devices: readonly DeviceView[] }) {
  const [filter, setFilter] = useState<FleetFilter>(everything)
  const change = (part: Partial<FleetFilter>) => setFilter((old) => ({ ...old, ...part }))
  const shown = selectDevices(devices, filter)
  return (
    <>
      <RiskTiles
        counts={countByRisk(selectDevices(devices, { ...filter, risk: '' }))}
        chosen={filter.risk}
        choose={(risk) => change({ risk })}
      />
      <div className={classes.overview}>
        <SiteList devices={devices} chosen={filter.site} choose={(site) => change({ site })} />
        <NoticeList />
        <MaintenanceOverview />
      </div>
      <FleetFilters devices={devices} filter={filter} change={change} />
      {shown.length > 0 ? (
        <FleetList devices={shown} />
      ) : (
        <Card>
          <EmptyNote title="No machine fits the filter">Choose another state, site or type.</EmptyNote>
        </Card>
      )}
    </>
  )
}

const NoDevices = () => (
  <Card>
    <EmptyNote title="No machine has sent a reading yet">
      Publish to <code>forewarn/&lt;site&gt;/&lt;asset type&gt;/&lt;device&gt;/telemetry</code> over MQTT; a
      machine appears here with its first reading.
    </EmptyNote>
  </Card>
)
