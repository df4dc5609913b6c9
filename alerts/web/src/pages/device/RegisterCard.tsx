import { Button, NativeSelect } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { criticalities } from '../../../../../core/device.ts'
import { useRegister } from '../../api/actions.ts'
import { useDevices } from '../../api/queries.ts'
import type { DeviceDetail } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useActor } from '../../components/useActor.ts'
import { links } from '../../lib/links.ts'
import { sentence } from '../../lib/ticketWords.ts'
import classes from './RegisterCard.module.css'

type Criticality = (typeof criticalities)[number]

/** On what the machine hangs and how much it matters: one mutes its symptoms, the other weighs its tickets. */
export function RegisterCard({ detail: { device, parent } }: { detail: DeviceDetail }) {
  const [actor] = useActor()
  const { data: others = [] } = useDevices()
  const change = useRegister(device.device, actor)
  const [hangsOn, setHangsOn] = useState(parent ?? '')
  const [criticality, setCriticality] = useState<Criticality>(device.criticality)
  const changed = hangsOn !== (parent ?? '') || criticality !== device.criticality
  const send = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ parent: hangsOn === '' ? null : hangsOn, criticality })
  }
  return (
    <Card
      title="Place and weight"
      hint="The alarm of what it hangs on mutes its own; its criticality weighs its tickets"
      testId="register"
    >
      <form onSubmit={send} className={classes.form}>
        <NativeSelect
          label="Hangs on"
          value={hangsOn}
          onChange={(event) => setHangsOn(event.currentTarget.value)}
          data={[
            { value: '', label: 'Nothing' },
            ...others.map((d) => d.device).filter((name) => name !== device.device),
          ]}
          data-testid="register-parent"
        />
        <NativeSelect
          label="Criticality"
          value={criticality}
          onChange={(event) => setCriticality(event.currentTarget.value as Criticality)}
          data={criticalities.map((value) => ({ value, label: sentence(value) }))}
          data-testid="register-criticality"
        />
        <Button
          type="submit"
          variant="default"
          disabled={!changed}
          loading={change.isPending}
          data-testid="register-submit"
        >
          Save
        </Button>
      </form>
      {parent !== null && (
        <p className={classes.parent}>
          It hangs on <Link href={links.device(parent)}>{parent}</Link>.
        </p>
      )}
      {change.error && <ProblemAlert error={change.error} retry={change.reset} retryLabel="Understood" />}
    </Card>
  )
}
