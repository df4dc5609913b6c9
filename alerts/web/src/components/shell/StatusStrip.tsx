import { useSummary } from '../../api/queries.ts'
import type { Summary } from '../../api/types.ts'
import { formatCompact, formatCount } from '../../lib/format.ts'
import { IconAlertTriangle } from '../icons.ts'
import classes from './StatusStrip.module.css'

const unfinished = ['open', 'acknowledged', 'scheduled', 'in_progress'] as const

const openTickets = (tickets: Summary['tickets']): number =>
  unfinished.reduce((sum, state) => sum + (tickets[state] ?? 0), 0)

function figures({ devices, messages, readings, scoring, tickets }: Summary) {
  return [
    { name: 'Devices', value: formatCount(devices.known), detail: `${devices.notScored} not scored` },
    { name: 'Messages/s', value: formatCount(messages.perSecond) },
    {
      name: 'Stored',
      value: formatCompact(readings.stored),
      detail: `${formatCount(readings.stored)} readings`,
    },
    {
      name: 'Scored',
      value: formatCompact(scoring.scored),
      detail: `${formatCount(scoring.scored)} windows`,
    },
    { name: 'Open tickets', value: formatCount(openTickets(tickets)) },
    {
      name: 'Lost',
      value: readings.lost === null ? 'not counted' : formatCount(readings.lost),
      bad: (readings.lost ?? 0) > 0,
      detail: 'sent less stored, duplicate, dead-lettered and still in the log',
    },
  ]
}

/** One line about the whole installation; what is wrong with it comes first. */
export function StatusStrip() {
  const { data, isError } = useSummary()
  if (isError) return <div className={classes.strip}>Forewarn does not answer; trying again.</div>
  if (!data) return <div className={classes.strip}>Reading the state of the installation</div>
  const sick = data.health.checks.filter((check) => !check.ok)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, by the keyboard as well
    <section className={classes.strip} data-testid="status-strip" aria-label="Installation" tabIndex={0}>
      {(sick.length > 0 || !data.health.ready) && (
        <span className={classes.sick} role="alert">
          <IconAlertTriangle size={14} aria-hidden />
          {sick.length ? sick.map((c) => `${c.name}: ${c.detail}`).join(' · ') : 'not ready'}
        </span>
      )}
      {figures(data).map(({ name, value, detail, bad }) => (
        <span key={name} className={classes.figure} title={detail} data-bad={bad || undefined}>
          {name} <b>{value}</b>
        </span>
      ))}
    </section>
  )
}
