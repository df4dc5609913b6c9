import { Button } from '@mantine/core'
import { useEndMaintenance } from '../../api/maintenance.ts'
import type { MaintenanceView } from '../../api/types.ts'
import { formatSpan } from '../../lib/time.ts'
import { ProblemAlert } from '../ProblemAlert.tsx'
import { useActor } from '../useActor.ts'
import classes from './Maintenance.module.css'

/** "device" and "pump-3", "site" and "north": what a window mutes. */
const ofWords = ({ scope, of }: MaintenanceView): string =>
  scope === 'device' ? of : scope === 'site' ? `site ${of}` : `every ${of}`

/** Windows in force and to come, each of which can be ended now. */
export function MaintenanceList({ windows }: { windows: readonly MaintenanceView[] }) {
  const [actor] = useActor()
  const end = useEndMaintenance(actor)
  return (
    <>
      <ul className={classes.list} data-testid="maintenance">
        {windows.map((window) => (
          <li key={window.id} className={classes.window} data-state={window.state}>
            <span className={classes.what}>
              {ofWords(window)}: {window.reason}
            </span>
            <span className={classes.minor}>
              {window.state === 'in_force' ? 'in force' : 'planned'}, {formatSpan(window.from, window.to)}, by{' '}
              {window.actor}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              loading={end.isPending && end.variables === window.id}
              onClick={() => end.mutate(window.id)}
              aria-label={`${window.state === 'in_force' ? 'End now' : 'Cancel'}: ${window.reason}`}
              data-testid={`maintenance-end-${window.id}`}
            >
              {window.state === 'in_force' ? 'End now' : 'Cancel'}
            </Button>
          </li>
        ))}
      </ul>
      {end.error && <ProblemAlert error={end.error} retry={end.reset} retryLabel="Understood" />}
    </>
  )
}
