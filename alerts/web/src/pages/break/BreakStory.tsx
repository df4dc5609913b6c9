import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import type { SimulatorState } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { useModeLabel } from '../../components/useAssetTypes.ts'
import { useNow } from '../../components/useNow.ts'
import { formatCost } from '../../lib/format.ts'
import { links } from '../../lib/links.ts'
import { formatAge, formatDuration } from '../../lib/time.ts'
import classes from './BreakStory.module.css'
import { ticketDelay } from './broken.ts'
import type { Experiment } from './useExperiment.ts'

interface BreakStoryProps {
  readonly simulator: SimulatorState
  readonly experiment: Experiment
}

/** What happened since the break, step by step, and what all of it has cost. */
export const BreakStory = ({ simulator, experiment }: BreakStoryProps) => (
  <Card title="What happens">
    <ol className={classes.steps}>
      <BreakStep experiment={experiment} assetType={simulator.assetType} />
      <TicketStep experiment={experiment} />
      <EndStep experiment={experiment} />
    </ol>
    <div className={classes.costs}>
      <Facts
        columns={2}
        facts={[
          { name: 'This machine has cost', value: formatCost(experiment.pump?.cost ?? 0) },
          { name: 'The whole fleet', value: formatCost(simulator.totalCost) },
        ]}
      />
    </div>
  </Card>
)

interface StepProps {
  readonly state: 'waiting' | 'going' | 'done' | 'bad'
  readonly title: string
  readonly children?: React.ReactNode
  readonly testId?: string
}

const Step = ({ state, title, children, testId }: StepProps) => (
  <li className={classes.step} data-state={state} data-testid={testId}>
    <span className={classes.title}>{title}</span>
    {children && <span className={classes.text}>{children}</span>}
  </li>
)

function BreakStep({
  experiment: { broken, pump },
  assetType,
}: {
  experiment: Experiment
  assetType: string
}) {
  const now = useNow(1000)
  const modeLabel = useModeLabel()
  if (!broken) return <Step state="waiting" title="A fault begins" />
  return (
    <Step state="done" title={`${modeLabel(assetType, broken.mode)} begins`}>
      {pump?.device}, {formatAge(broken.at, now)}. Its sensors start to move.
    </Step>
  )
}

function TicketStep({ experiment: { broken, ticket, pump } }: { experiment: Experiment }) {
  if (!broken) return <Step state="waiting" title="A ticket opens" />
  if (!ticket) {
    const waiting = pump?.state === 'breaking' && !broken.repaired
    return (
      <Step
        state={waiting ? 'going' : 'waiting'}
        title={waiting ? 'Waiting for the ticket' : 'No ticket opened'}
      >
        {waiting ? 'It opens when enough windows are over the threshold.' : null}
      </Step>
    )
  }
  const delay = ticketDelay(ticket, broken)
  return (
    <Step
      state="done"
      title={delay === null ? 'A ticket was open already' : `Ticket after ${formatDuration(delay)}`}
    >
      <Anchor component={Link} href={links.ticket(ticket.id)} data-testid="break-ticket" fw={600}>
        Open ticket #{ticket.id}
      </Anchor>
    </Step>
  )
}

function EndStep({ experiment: { broken, pump } }: { experiment: Experiment }) {
  if (pump?.state === 'failed') {
    return (
      <Step state="bad" title="It failed" testId="break-failed">
        {broken
          ? `Ignoring it has cost ${formatCost(pump.cost - broken.costBefore)}.`
          : 'Repair brings it back.'}
      </Step>
    )
  }
  if (!broken) return <Step state="waiting" title="Someone repairs it, or it fails" />
  if (broken.repaired || pump?.state === 'running') {
    return (
      <Step state="done" title="Repaired" testId="break-repaired">
        {pump && pump.cost > broken.costBefore
          ? `All in all it has cost ${formatCost(pump.cost - broken.costBefore)}. `
          : ''}
        The forecast recovers as healthy readings fill its window.
      </Step>
    )
  }
  return (
    <Step state="going" title="Repair it, or watch it fail">
      The interval shows how long there is.
    </Step>
  )
}
