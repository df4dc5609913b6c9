import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useMaintenance } from '../../api/maintenance.ts'
import type { MaintenanceBody } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import classes from '../../components/maintenance/Maintenance.module.css'
import { MaintenanceForm } from '../../components/maintenance/MaintenanceForm.tsx'
import { MaintenanceList } from '../../components/maintenance/MaintenanceList.tsx'
import { useAssetTypes } from '../../components/useAssetTypes.ts'
import { useSites } from '../../components/useSites.ts'

/** What is worked on now or soon, anywhere; a whole site or an asset type is muted here. */
export function MaintenanceOverview() {
  const query = useMaintenance()
  return (
    <Card title="Maintenance" hint="What is worked on raises nothing meanwhile" testId="maintenance-overview">
      <Loaded query={query} lines={1}>
        {(windows) =>
          windows.length > 0 ? (
            <MaintenanceList windows={windows} />
          ) : (
            <p className={classes.none}>None is in force or planned.</p>
          )
        }
      </Loaded>
      <details>
        <summary className={classes.summary}>Mute a site or an asset type</summary>
        <WideForm />
      </details>
    </Card>
  )
}

type Target = Pick<MaintenanceBody, 'scope' | 'of'>

function WideForm() {
  const sites = useSites()
  const types = useAssetTypes()
  const targets: readonly Target[] = [
    ...sites.map((of) => ({ scope: 'site' as const, of })),
    ...[...types.keys()].map((of) => ({ scope: 'asset_type' as const, of })),
  ]
  const [chosen, setChosen] = useState(0)
  const target = targets[chosen]
  if (!target) return null
  return (
    <MaintenanceForm target={target}>
      <NativeSelect
        label="What"
        value={String(chosen)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        data={targets.map(({ scope, of }, index) => ({
          value: String(index),
          label: scope === 'site' ? `Site ${of}` : `Every ${types.get(of)?.label ?? of}`,
        }))}
      />
    </MaintenanceForm>
  )
}
