import type { DeviceView } from '../../api/types.ts'
import classes from './FleetList.module.css'
import { FleetRow } from './FleetRow.tsx'

const heads = ['Machine', 'Type and site', 'State', 'Time left', 'Failure probability', 'Ticket'] as const

export const FleetList = ({ devices }: { devices: readonly DeviceView[] }) => (
  <div className={classes.frame}>
    <div className={classes.head} aria-hidden>
      {heads.map((head) => (
        <span key={head}>{head}</span>
      ))}
    </div>
    <ul className={classes.list} aria-label="Machines" data-testid="fleet">
      {devices.map((device) => (
        <FleetRow key={device.device} device={device} />
      ))}
    </ul>
  </div>
)
