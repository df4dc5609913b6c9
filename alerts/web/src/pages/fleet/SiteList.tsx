import type { DeviceView } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { type Risk, riskLabels } from '../../lib/deviceWords.ts'
import { countByRisk } from './fleetFilter.ts'
import classes from './SiteList.module.css'

interface SiteListProps {
  readonly devices: readonly DeviceView[]
  readonly chosen: string
  readonly choose: (site: string) => void
}

const shown: readonly Risk[] = ['likely', 'watch', 'low', 'not_scored']

/** A site a line: how its machines stand. A click shows that site alone. */
export function SiteList({ devices, chosen, choose }: SiteListProps) {
  const sites = [...new Set(devices.map((device) => device.site))].sort()
  if (sites.length < 2) return null
  return (
    <Card title="Sites" testId="sites">
      <ul className={classes.list}>
        {sites.map((site) => (
          <li key={site}>
            <button
              type="button"
              className={classes.site}
              aria-pressed={chosen === site}
              onClick={() => choose(chosen === site ? '' : site)}
              data-testid={`site-${site}`}
            >
              <span className={classes.name}>{site}</span>
              <SiteBar devices={devices.filter((device) => device.site === site)} />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function SiteBar({ devices }: { devices: readonly DeviceView[] }) {
  const counts = countByRisk(devices)
  return (
    <>
      <span className={classes.bar} aria-hidden>
        {shown.map((risk) => (
          <span
            key={risk}
            data-risk={risk}
            className={classes.part}
            style={{ width: `${(100 * counts[risk]) / devices.length}%` }}
          />
        ))}
      </span>
      <span className={classes.words}>
        {devices.length} {devices.length === 1 ? 'machine' : 'machines'}
        {shown
          .filter((risk) => risk !== 'low' && counts[risk] > 0)
          .map((risk) => `, ${counts[risk]} ${riskLabels[risk].toLowerCase()}`)}
      </span>
    </>
  )
}
