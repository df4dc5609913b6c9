import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { lifeEventKinds } from '../../../../../core/device.ts'
import { useLifeEvent } from '../../api/actions.ts'
import type { LifeEvent } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { sentence } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './LifeCard.module.css'

/** What happened to the machine itself: the events that bound its lives. */
export const LifeCard = ({ device, events }: { device: string; events: readonly LifeEvent[] }) => (
  <Card title="Life of the machine">
    {events.length === 0 && <p className={classes.none}>Nothing is recorded yet.</p>}
    <ul className={classes.list}>
      {events.toReversed().map((event) => (
        <li key={`${event.time}-${event.kind}`} className={classes.event}>
          <span className={classes.kind}>{sentence(event.kind)}</span>
          <span className={classes.when}>{formatMoment(event.time)}</span>
          {event.detail && <span className={classes.detail}>{event.detail}</span>}
        </li>
      ))}
    </ul>
    <LifeEventForm device={device} />
  </Card>
)

function LifeEventForm({ device }: { device: string }) {
  const [kind, setKind] = useState<LifeEvent['kind']>('repaired')
  const [detail, setDetail] = useState('')
  const add = useLifeEvent(device)
  const send = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ kind, detail: detail.trim() }, { onSuccess: () => setDetail('') })
  }
  return (
    <form onSubmit={send} className={classes.form}>
      <NativeSelect
        aria-label="What happened"
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as LifeEvent['kind'])}
        data={lifeEventKinds.map((value) => ({ value, label: sentence(value) }))}
        data-testid="life-kind"
      />
      <TextInput
        aria-label="Detail"
        placeholder="Detail"
        value={detail}
        onChange={(event) => setDetail(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={add.isPending} data-testid="life-submit">
        Record
      </Button>
      {add.error && (
        <div className={classes.problem}>
          <ProblemAlert error={add.error} />
        </div>
      )}
    </form>
  )
}
