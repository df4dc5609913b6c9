import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useDeliveries, useRedeliver } from '../../api/receivers.ts'
import type { DeliveryView } from '../../api/types.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { links } from '../../lib/links.ts'
import { eventLabel } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './Receivers.module.css'

const stateWords: Readonly<Record<DeliveryView['state'], string>> = {
  pending: 'waits',
  delivered: 'delivered',
  given_up: 'given up',
}

/** Message by message, each with its tries; any can be sent again. */
export function DeliveryLog({ receiver }: { receiver: number }) {
  const [opened, setOpened] = useState(false)
  return (
    <details className={classes.log} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary data-testid="deliveries">Deliveries</summary>
      {opened && <Deliveries receiver={receiver} />}
    </details>
  )
}

function Deliveries({ receiver }: { receiver: number }) {
  const query = useDeliveries(receiver)
  const again = useRedeliver(receiver)
  return (
    <Loaded query={query} lines={2}>
      {(deliveries) => (
        <>
          {deliveries.length === 0 && <p className={classes.none}>Nothing was sent yet.</p>}
          <ol className={classes.deliveries}>
            {deliveries.map((delivery) => (
              <Delivery
                key={delivery.id}
                delivery={delivery}
                busy={again.isPending && again.variables === delivery.id}
                redeliver={() => again.mutate(delivery.id)}
              />
            ))}
          </ol>
          {again.error && <ProblemAlert error={again.error} />}
        </>
      )}
    </Loaded>
  )
}

interface DeliveryProps {
  readonly delivery: DeliveryView
  readonly busy: boolean
  readonly redeliver: () => void
}

function Delivery({ delivery, busy, redeliver }: DeliveryProps) {
  const { id, event, ticket, queuedAt, state, tries } = delivery
  const last = tries.at(-1)
  return (
    <li className={classes.delivery} data-state={state} data-testid={`delivery-${id}`}>
      <span className={classes.what}>
        {event === 'test' ? 'Test' : eventLabel(event)}{' '}
        {ticket !== null && <Link href={links.ticket(ticket)}>#{ticket}</Link>}
      </span>
      <span className={classes.minor}>
        {formatMoment(queuedAt)}, {stateWords[state]}
        {last &&
          ` after ${tries.length === 1 ? 'one try' : `${tries.length} tries`}, ${
            last.ok ? `answer ${last.code}` : (last.problem ?? `answer ${last.code}`)
          }`}
      </span>
      <Button size="compact-sm" variant="default" loading={busy} onClick={redeliver}>
        Send again
      </Button>
    </li>
  )
}
