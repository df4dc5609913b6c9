import { NativeSelect, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Ticket } from '../../../api/types.ts'
import { useAssetTypes } from '../../../components/useAssetTypes.ts'
import { ReshapeDialog } from './ReshapeDialog.tsx'
import { useReshapeForm } from './useReshapeForm.ts'

/** A device out of a disturbance, or a second suspicion about a machine, gets a ticket of its own. */
export function SplitDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const devices = ticket.prediction.disturbance?.devices ?? []
  const [device, setDevice] = useState('')
  const [mode, setMode] = useState('')
  const [note, setNote] = useState('')
  const modes = useAssetTypes().get(ticket.assetType)?.failureModes ?? []
  const { send, ...form } = useReshapeForm(
    ticket,
    close,
    ({ id }) => `Ticket #${id} is split off from #${ticket.id}`,
  )
  const ready = devices.length > 0 ? device !== '' : mode !== ''
  return (
    <ReshapeDialog
      {...form}
      title={`Split #${ticket.id}`}
      label="Split off"
      ready={ready}
      close={close}
      submit={() =>
        send({
          kind: 'split',
          ...(device ? { device } : {}),
          ...(mode ? { mode } : {}),
          ...(note.trim() ? { note: note.trim() } : {}),
        })
      }
    >
      <Text c="dimmed">
        {devices.length > 0
          ? 'The machine leaves the disturbance and gets a ticket of its own.'
          : 'Two faults at once are two works: the second one gets a ticket of its own.'}
      </Text>
      {devices.length > 0 && (
        <NativeSelect
          label="Machine"
          value={device}
          onChange={(event) => setDevice(event.currentTarget.value)}
          data={[{ value: '', label: 'Choose', disabled: true }, ...devices]}
          data-testid="split-device"
        />
      )}
      <NativeSelect
        label="Suspected fault"
        value={mode}
        onChange={(event) => setMode(event.currentTarget.value)}
        data={[
          {
            value: '',
            label: devices.length > 0 ? 'As it was suspected' : 'Choose',
            disabled: devices.length === 0,
          },
          ...modes
            .filter(({ name }) => name !== ticket.mode)
            .map(({ name, label }) => ({ value: name, label })),
          { value: 'unknown', label: 'Another fault' },
        ]}
        data-testid="split-mode"
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
