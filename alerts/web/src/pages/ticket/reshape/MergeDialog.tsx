import { NativeSelect, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTickets } from '../../../api/ticketList.ts'
import type { Ticket } from '../../../api/types.ts'
import { useModeLabel } from '../../../components/useAssetTypes.ts'
import { ReshapeDialog } from './ReshapeDialog.tsx'
import { useReshapeForm } from './useReshapeForm.ts'

/** Others that may go on with it: of the same device, or a disturbance of its site. */
function useTargets(ticket: Ticket): readonly Ticket[] | undefined {
  const asked = { state: 'unfinished', sort: 'opened' }
  const same = useTickets({ ...asked, device: ticket.device }, 100)
  const wide = useTickets({ ...asked, site: ticket.site, mode: 'disturbance' }, 100)
  if (!same.data || !wide.data) return undefined
  const all = new Map([...same.data.tickets, ...wide.data.tickets].map((t) => [t.id, t]))
  all.delete(ticket.id)
  return [...all.values()]
}

export function MergeDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const modeLabel = useModeLabel()
  const targets = useTargets(ticket)
  const [into, setInto] = useState('')
  const [note, setNote] = useState('')
  const { send, ...form } = useReshapeForm(
    ticket,
    close,
    ({ id }) => `Ticket #${ticket.id} is part of #${id} now`,
  )
  return (
    <ReshapeDialog
      {...form}
      title={`Merge #${ticket.id} into another ticket`}
      label="Merge"
      ready={into !== ''}
      close={close}
      submit={() =>
        send({ kind: 'merge', into: Number(into), ...(note.trim() ? { note: note.trim() } : {}) })
      }
    >
      <Text c="dimmed">
        {targets?.length === 0
          ? 'There is no other unfinished ticket of this machine, nor a disturbance of its site.'
          : 'This one is finished by it; its evidence, comments and files stay readable in it.'}
      </Text>
      <NativeSelect
        label="Into"
        value={into}
        onChange={(event) => setInto(event.currentTarget.value)}
        data={[
          { value: '', label: 'Choose', disabled: true },
          ...(targets ?? []).map((t) => ({
            value: String(t.id),
            label: `#${t.id} ${modeLabel(t.assetType, t.mode)}, ${t.device}`,
          })),
        ]}
        data-testid="merge-into"
      />
      <Textarea
        label="Note"
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ReshapeDialog>
  )
}
