import { Button, Checkbox, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type OutgoingEvent, outgoingEvents, usualEvents } from '../../../../../core/outgoing.ts'
import { useAddReceiver } from '../../api/receivers.ts'
import type { ReceiverBody } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { eventLabel } from '../../lib/ticketWords.ts'
import { newSecret } from './newSecret.ts'
import classes from './Receivers.module.css'

type Kind = ReceiverBody['kind']

/** A new receiver; the secret is shown here once and never again. */
export function AddReceiver({ mail }: { mail: boolean }) {
  const add = useAddReceiver()
  const [kind, setKind] = useState<Kind>('webhook')
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [secret, setSecret] = useState(newSecret)
  const [to, setTo] = useState('')
  const [events, setEvents] = useState<readonly OutgoingEvent[]>(usualEvents)
  const addresses = to.split(/[\s,;]+/).filter(Boolean)
  const ready =
    name.trim() !== '' && events.length > 0 && (kind === 'webhook' ? url !== '' : addresses.length > 0)

  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const wishes = { name: name.trim(), events: [...events] }
    const body: ReceiverBody =
      kind === 'webhook' ? { kind, url: url.trim(), secret, ...wishes } : { kind, to: addresses, ...wishes }
    add.mutate(body, {
      onSuccess: () => {
        setName('')
        setUrl('')
        setTo('')
        setSecret(newSecret())
      },
    })
  }

  return (
    <Card title="Add a receiver">
      <form onSubmit={send} className={classes.form}>
        <SegmentedControl
          aria-label="Kind"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'webhook', label: 'Webhook' },
            { value: 'email', label: 'E-mail' },
          ]}
          style={{ justifySelf: 'start' }}
        />
        {kind === 'email' && !mail && (
          <p className={classes.none}>No mail server is configured: set mail.url first.</p>
        )}
        <TextInput
          label="Name"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="receiver-name"
        />
        {kind === 'webhook' ? (
          <>
            <TextInput
              label="Address"
              placeholder="https://cmms.example/hook"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
              data-testid="receiver-url"
            />
            <TextInput
              label="Secret"
              description="Key of the signature. Copy it to the receiver now: it is never shown again."
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          </>
        ) : (
          <Textarea
            label="Addresses"
            placeholder="planner@plant.example"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        )}
        <Checkbox.Group
          label="What it hears of"
          value={[...events]}
          onChange={(values) => setEvents(values as OutgoingEvent[])}
        >
          <div className={classes.events}>
            {outgoingEvents.map((event) => (
              <Checkbox key={event} value={event} label={eventLabel(event)} />
            ))}
          </div>
        </Checkbox.Group>
        <Button
          type="submit"
          disabled={!ready}
          loading={add.isPending}
          style={{ justifySelf: 'start' }}
          data-testid="receiver-add"
        >
          Add
        </Button>
        {add.error && <ProblemAlert error={add.error} />}
      </form>
    </Card>
  )
}
