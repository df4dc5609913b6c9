import { useDevice } from '../../api/queries.ts'
import type { DeviceDetail } from '../../api/types.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { useAssetTypes } from '../../components/useAssetTypes.ts'
import { usePageTitle } from '../../components/usePageTitle.ts'
import classes from '../ticket/TicketPage.module.css'
import { AlarmCard } from './AlarmCard.tsx'
import { DeviceHead } from './DeviceHead.tsx'
import { DeviceTickets } from './DeviceTickets.tsx'
import { DeviceTrends } from './DeviceTrends.tsx'
import { LifeCard } from './LifeCard.tsx'
import { MaintenanceCard } from './MaintenanceCard.tsx'
import { RegisterCard } from './RegisterCard.tsx'
import { WhyCard } from './WhyCard.tsx'

/** One machine: what it sends, what the forecast makes of it, what happened to it. */
export function DevicePage({ device }: { device: string }) {
  usePageTitle(device)
  const query = useDevice(device)
  return (
    <Loaded query={query} height={150} lines={3}>
      {(detail) => <DeviceDetailView detail={detail} />}
    </Loaded>
  )
}

function DeviceDetailView({ detail }: { detail: DeviceDetail }) {
  const type = useAssetTypes().get(detail.device.assetType)
  return (
    <>
      <DeviceHead detail={detail} />
      <div className={classes.columns}>
        <div className={classes.column}>{type && <DeviceTrends detail={detail} type={type} />}</div>
        <div className={classes.column}>
          <WhyCard device={detail.device.device} />
          <AlarmCard detail={detail} />
          <DeviceTickets tickets={detail.tickets} />
          <MaintenanceCard device={detail.device} />
          <RegisterCard key={`${detail.parent} ${detail.device.criticality}`} detail={detail} />
          <LifeCard device={detail.device.device} events={detail.events} />
        </div>
      </div>
    </>
  )
}
