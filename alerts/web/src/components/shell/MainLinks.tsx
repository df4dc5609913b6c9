import { Link, useLocation } from 'wouter'
import { useSimulator } from '../../api/queries.ts'
import { links } from '../../lib/links.ts'
import { IconHammer, IconHeartRateMonitor, IconSend, IconTicket } from '../icons.ts'
import classes from './Shell.module.css'

interface Way {
  readonly href: string
  readonly label: string
  readonly icon: typeof IconTicket
  /** Whether the page at this path belongs to this way. */
  readonly holds: (path: string) => boolean
}

const ways: readonly Way[] = [
  {
    href: links.tickets,
    label: 'Tickets',
    icon: IconTicket,
    holds: (path) => path === '/' || path.startsWith('/tickets'),
  },
  {
    href: links.fleet,
    label: 'Fleet',
    icon: IconHeartRateMonitor,
    holds: (path) => path.startsWith('/fleet') || path.startsWith('/devices'),
  },
  {
    href: links.receivers,
    label: 'Receivers',
    icon: IconSend,
    holds: (path) => path.startsWith('/receivers'),
  },
]

const breakWay: Way = {
  href: links.break,
  label: 'Break a machine',
  icon: IconHammer,
  holds: (path) => path.startsWith('/break'),
}

/** The ways of the page; breaking a machine only where the fleet is simulated. */
export function MainLinks({ stacked = false }: { stacked?: boolean }) {
  const [path] = useLocation()
  const { data: simulator } = useSimulator()
  const shown = simulator ? [...ways, breakWay] : ways
  return shown.map(({ href, label, icon: Icon, holds }) => (
    <Link
      key={href}
      href={href}
      className={stacked ? `${classes.way} ${classes.stacked}` : classes.way}
      aria-current={holds(path) ? 'page' : undefined}
    >
      <Icon size={17} stroke={1.8} aria-hidden />
      {label}
    </Link>
  ))
}
