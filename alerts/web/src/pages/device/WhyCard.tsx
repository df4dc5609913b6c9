import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { useDecisions } from '../../api/queries.ts'
import type { DecisionRunView, DeviceDecisions } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { links } from '../../lib/links.ts'
import { sentence } from '../../lib/ticketWords.ts'
import { formatMoment, formatSpan } from '../../lib/time.ts'
import classes from './WhyCard.module.css'

/** "Why is there no ticket for this machine?": the policy's answer first, then what it decided window by window. */
export function WhyCard({ device }: { device: string }) {
  const query = useDecisions(device)
  return (
    <Card title="Why is there a ticket, or none?" testId="why">
      <Loaded query={query} height={40} lines={3}>
        {(decisions) => <Why decisions={decisions} />}
      </Loaded>
    </Card>
  )
}

const Why = ({ decisions: { answer, openTicket, runs } }: { decisions: DeviceDecisions }) => (
  <>
    <p className={classes.answer} data-testid="why-answer">
      {answer}{' '}
      {openTicket !== null && (
        <Anchor component={Link} href={links.ticket(openTicket)} underline="always">
          Open ticket #{openTicket}
        </Anchor>
      )}
    </p>
    {runs.length > 0 && (
      <details className={classes.trail}>
        <summary>What was decided lately</summary>
        <ol className={classes.runs}>
          {runs.map((run) => (
            <Run key={`${run.from}-${run.reason}`} run={run} />
          ))}
        </ol>
      </details>
    )}
  </>
)

/** What a decision of this kind did. */
const kindWords: Readonly<Record<DecisionRunView['kind'], string>> = {
  raise: 'Raised',
  update: 'Ticket updated',
  clear: 'Cleared',
  hold: 'Nothing done',
}

const Run = ({ run: { kind, words, from, until, windows, detail } }: { run: DecisionRunView }) => (
  <li className={classes.run} data-kind={kind}>
    <span className={classes.kind}>
      {kindWords[kind]}
      {windows > 1 && <span className={classes.minor}> · {windows} windows</span>}
    </span>
    <span>
      {sentence(words)}
      {detail !== null && `: ${detail}`}
    </span>
    <span className={classes.minor}>{windows > 1 ? formatSpan(from, until) : formatMoment(from)}</span>
  </li>
)
