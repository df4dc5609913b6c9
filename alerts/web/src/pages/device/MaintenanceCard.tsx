import { useMaintenance } from '../../api/maintenance.ts'
import type { DeviceView } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import classes from '../../components/maintenance/Maintenance.module.css'
import { MaintenanceForm } from '../../components/maintenance/MaintenanceForm.tsx'
import { MaintenanceList } from '../../components/maintenance/MaintenanceList.tsx'
import { concerns } from '../../lib/maintenance.ts'

/** When this machine is worked on: nothing is raised of it meanwhile, and an alarm that stood before is kept. */
export function MaintenanceCard({ device }: { device: DeviceView }) {
  const query = useMaintenance()
  return (
    <Card title="Maintenance" hint="Meanwhile its scores count neither for nor against">
      <Loaded query={query} lines={1}>
        {(all) => {
          const windows = all.filter((window) => concerns(window, device))
          return windows.length > 0 ? (
            <MaintenanceList windows={windows} />
          ) : (
            <p className={classes.none}>None is planned.</p>
          )
        }}
      </Loaded>
      <MaintenanceForm target={{ scope: 'device', of: device.device }} />
    </Card>
  )
}
