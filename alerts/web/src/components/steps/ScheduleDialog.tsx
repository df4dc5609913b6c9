import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ActionDetails } from '../../api/actions.ts'
import type { Ticket } from '../../api/types.ts'
import { serverNow } from '../../lib/clock.ts'
import { usageUnit } from '../../lib/interval.ts'
import { fromLocalInput, oneDay, toLocalInput } from '../../lib/time.ts'
import { livesInThePast, whenWords } from '../../lib/whenWords.ts'
import { useAdvice } from '../useAdvice.ts'
import { lifeUnitOf, useAssetTypes } from '../useAssetTypes.ts'

interface ScheduleDialogProps {
  readonly ticket: Ticket
  readonly opened: boolean
  readonly busy: boolean
  readonly close: () => void
  readonly submit: (details: ActionDetails) => void
}

export const ScheduleDialog = ({ opened, close, ...form }: ScheduleDialogProps) => (
  <Modal opened={opened} onClose={close} title="Schedule the work">
    <ScheduleForm {...form} close={close} />
  </Modal>
)

/** Tomorrow at eight: the next early shift. */
function nextShift(now: number): number {
  const day = new Date(now + oneDay)
  return day.setHours(8, 0, 0, 0)
}

function ScheduleForm({ ticket, busy, close, submit }: Omit<ScheduleDialogProps, 'opened'>) {
  const [when, setWhen] = useState(() => toLocalInput(ticket.scheduledFor ?? nextShift(serverNow())))
  const [note, setNote] = useState('')
  const time = fromLocalInput(when)
  const valid = Number.isFinite(time)

  const send = (event: FormEvent) => {
    event.preventDefault()
    if (valid) submit({ scheduledFor: time, ...(note.trim() ? { note: note.trim() } : {}) })
  }

  return (
    <form onSubmit={send}>
      <Stack gap="md">
        <Deadline ticket={ticket} />
        <TextInput
          type="datetime-local"
          label="Day and time"
          required
          value={when}
          onChange={(event) => setWhen(event.currentTarget.value)}
          error={valid ? null : 'Give a day and a time'}
          data-testid="schedule-for"
          data-autofocus
        />
        <Textarea
          label="Note"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-testid="schedule-note"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!valid} data-testid="schedule-submit">
            Schedule
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The two things that bound the choice: when it fails and how much notice the repair needs. */
function Deadline({ ticket }: { ticket: Ticket }) {
  const advice = useAdvice(ticket)
  const type = useAssetTypes().get(ticket.assetType)
  if (!type) return null
  const life = lifeUnitOf(type)
  const { rul, windowEnd } = ticket.prediction
  const now = serverNow()
  return (
    <Text c="dimmed">
      Expected failure: {whenWords(windowEnd, rul, life, now)}
      {livesInThePast(windowEnd, now) ? " by the machine's clock" : ''}.
      {advice ? ` Planning this repair needs ${advice.requiredLead} ${usageUnit(life.unit)} of notice.` : ''}
    </Text>
  )
}
