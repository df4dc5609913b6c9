import { Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Ticket } from '../../../api/types.ts'
import { ReshapeDialog } from './ReshapeDialog.tsx'
import { useReshapeForm } from './useReshapeForm.ts'

export function ReopenDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const [reason, setReason] = useState('')
  const { send, ...form } = useReshapeForm(ticket, close, ({ id }) => `Ticket #${id} is worked on again`)
  return (
    <ReshapeDialog
      {...form}
      title="Reopen the ticket"
      label="Reopen"
      ready={reason.trim() !== ''}
      close={close}
      submit={() => send({ kind: 'reopen', reason: reason.trim() })}
    >
      <Text c="dimmed">Its verdict is taken back; the history keeps what it was.</Text>
      <Textarea
        label="Reason"
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-testid="reopen-reason"
        data-autofocus
      />
    </ReshapeDialog>
  )
}
