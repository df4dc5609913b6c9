import { Button, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useAddMaintenance } from '../../api/maintenance.ts'
import type { MaintenanceBody } from '../../api/types.ts'
import { serverNow } from '../../lib/clock.ts'
import { fromLocalInput, hour, toLocalInput } from '../../lib/time.ts'
import { ProblemAlert } from '../ProblemAlert.tsx'
import { useActor } from '../useActor.ts'
import classes from './Maintenance.module.css'

interface MaintenanceFormProps {
  /** What is muted. */
  readonly target: Pick<MaintenanceBody, 'scope' | 'of'>
  /** A choice of the target, where it is not given. */
  readonly children?: ReactNode
}

/** A shift is the usual length of work. */
const usualMs = 8 * hour

/** Mutes a device, site or asset type while it is worked on. */
export function MaintenanceForm({ target, children }: MaintenanceFormProps) {
  const [actor] = useActor()
  const add = useAddMaintenance()
  const [from, setFrom] = useState(() => toLocalInput(serverNow()))
  const [to, setTo] = useState(() => toLocalInput(serverNow() + usualMs))
  const [reason, setReason] = useState('')
  const times = { from: fromLocalInput(from), to: fromLocalInput(to) }
  const problem = Number.isFinite(times.to) && times.to <= times.from ? 'It has to end after it begins' : null
  const ready = reason.trim() !== '' && Number.isFinite(times.from) && Number.isFinite(times.to) && !problem

  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    add.mutate({ ...target, ...times, reason: reason.trim(), actor }, { onSuccess: () => setReason('') })
  }

  return (
    <form onSubmit={send} className={classes.form}>
      {children}
      <TextInput
        type="datetime-local"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        value={to}
        error={problem}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <TextInput
        label="Reason"
        placeholder="Yearly service"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-testid="maintenance-reason"
      />
      <Button
        type="submit"
        variant="default"
        disabled={!ready}
        loading={add.isPending}
        data-testid="maintenance-add"
      >
        Mute
      </Button>
      {add.error && (
        <div className={classes.problem}>
          <ProblemAlert error={add.error} />
        </div>
      )}
    </form>
  )
}
