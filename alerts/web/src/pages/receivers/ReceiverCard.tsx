import { Badge, Button } from '@mantine/core'
import { useChangeReceiver, useRemoveReceiver, useTestReceiver } from '../../api/receivers.ts'
import type { ReceiverChange, ReceiverView } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { eventLabel } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'
import { DeliveryLog } from './DeliveryLog.tsx'
import classes from './Receivers.module.css'
import { TestOutcome } from './TestOutcome.tsx'

export function ReceiverCard({ receiver }: { receiver: ReceiverView }) {
  const test = useTestReceiver()
  const change = useChangeReceiver(receiver.id)
  const remove = useRemoveReceiver()
  const error = test.error ?? change.error ?? remove.error
  return (
    <Card
      title={receiver.name}
      hint={receiver.kind === 'webhook' ? receiver.url : receiver.to.join(', ')}
      aside={<Health receiver={receiver} />}
      testId={`receiver-${receiver.id}`}
    >
      <p className={classes.words}>{wishWords(receiver)}</p>
      <div className={classes.buttons}>
        <Button
          size="compact-md"
          variant="default"
          loading={test.isPending}
          onClick={() => test.mutate(receiver.id)}
          data-testid="receiver-test"
        >
          Send a test
        </Button>
        <Button
          size="compact-md"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ ...wishesOf(receiver), enabled: !receiver.enabled })}
        >
          {receiver.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        <Button
          size="compact-md"
          variant="subtle"
          color="red"
          loading={remove.isPending}
          onClick={() => {
            if (confirm(`Remove ${receiver.name} with everything that waits for it?`))
              remove.mutate(receiver.id)
          }}
        >
          Remove
        </Button>
      </div>
      {test.data && <TestOutcome delivery={test.data} />}
      {error && <ProblemAlert error={error} />}
      <DeliveryLog receiver={receiver.id} />
    </Card>
  )
}

function Health({ receiver: { enabled, failures, nextTryAt } }: { receiver: ReceiverView }) {
  if (!enabled)
    return (
      <Badge variant="light" color="gray" tt="none">
        Switched off
      </Badge>
    )
  if (failures === 0)
    return (
      <Badge variant="light" color="teal" tt="none">
        Answers
      </Badge>
    )
  return (
    <Badge variant="light" color="red" tt="none">
      {failures} failed in a row{nextTryAt !== null && `, next try ${formatMoment(nextTryAt)}`}
    </Badge>
  )
}

/** "Opened, resolved; of north; urgent": what it hears of. */
function wishWords({ events, sites, assetTypes, priorities }: ReceiverView): string {
  const limits = [sites, assetTypes, priorities]
    .filter((some) => some.length > 0)
    .map((some) => some.join(', '))
  return [events.map(eventLabel).join(', '), ...limits].join(' · ')
}

/** What is sent back with a change; a webhook's secret stays as it is. */
function wishesOf(receiver: ReceiverView): ReceiverChange {
  const { name, enabled, events, sites, assetTypes, priorities } = receiver
  const wishes = {
    name,
    enabled,
    events: [...events],
    sites: [...sites],
    assetTypes: [...assetTypes],
    priorities: [...priorities],
  }
  return receiver.kind === 'webhook'
    ? { kind: 'webhook', url: receiver.url, ...wishes }
    : { kind: 'email', to: [...receiver.to], ...wishes }
}
