import { Link } from 'wouter'
import type { Ticket } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { links } from '../../lib/links.ts'
import classes from './DisturbanceCard.module.css'

/** A disturbance is of a site: its machines raised at once, and one ticket stands for all of them. */
export function DisturbanceCard({ ticket: { prediction } }: { ticket: Ticket }) {
  const { disturbance } = prediction
  if (!disturbance) return null
  return (
    <Card
      title={`${disturbance.devices.length} machines at ${disturbance.site}`}
      hint="They raised within a short time of each other: look for what they share first"
      testId="disturbance"
    >
      <ul className={classes.list}>
        {disturbance.devices.map((device) => (
          <li key={device}>
            <Link href={links.device(device)} className={classes.device}>
              {device}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
