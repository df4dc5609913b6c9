import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Verdict, verdicts } from '../../../../../core/ticket.ts'
import type { ActionDetails } from '../../api/actions.ts'
import type { Ticket } from '../../api/types.ts'
import { verdictLabels } from '../../lib/ticketWords.ts'
import { useAssetTypes } from '../useAssetTypes.ts'

interface VerdictDialogProps {
  readonly ticket: Ticket
  readonly opened: boolean
  readonly busy: boolean
  readonly close: () => void
  readonly submit: (details: ActionDetails) => void
}

export const VerdictDialog = ({ opened, close, ...form }: VerdictDialogProps) => (
  <Modal opened={opened} onClose={close} title="Resolve: what was found?">
    <VerdictForm {...form} close={close} />
  </Modal>
)

function useModeChoices(assetType: string) {
  const modes = useAssetTypes().get(assetType)?.failureModes ?? []
  return [
    ...modes.map(({ name, label }) => ({ value: name, label })),
    { value: 'unknown', label: 'Another fault' },
  ]
}

/** The verdict comes back to the models as a label, so nothing is chosen beforehand. */
function VerdictForm({ ticket, busy, close, submit }: Omit<VerdictDialogProps, 'opened'>) {
  const [verdict, setVerdict] = useState<Verdict | ''>('')
  const [mode, setMode] = useState(ticket.mode)
  const [note, setNote] = useState('')
  const modes = useModeChoices(ticket.assetType)

  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!verdict) return
    submit({
      verdict,
      ...(verdict === 'confirmed' ? { verdictMode: mode } : {}),
      ...(note.trim() ? { note: note.trim() } : {}),
    })
  }

  return (
    <form onSubmit={send}>
      <Stack gap="md">
        <Text c="dimmed">The answer goes back to the models as a label: it decides what they learn.</Text>
        <NativeSelect
          label="Verdict"
          required
          value={verdict}
          onChange={(event) => setVerdict(event.currentTarget.value as Verdict | '')}
          data={[
            { value: '', label: 'Choose', disabled: true },
            ...verdicts.map((value) => ({ value, label: verdictLabels[value] })),
          ]}
          data-testid="verdict"
          data-autofocus
        />
        {verdict === 'confirmed' && (
          <NativeSelect
            label="Which fault"
            required
            value={mode}
            onChange={(event) => setMode(event.currentTarget.value)}
            data={modes}
            data-testid="verdict-mode"
          />
        )}
        <Textarea
          label="Note"
          placeholder="What was seen and done"
          autosize
          minRows={3}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-testid="verdict-note"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!verdict} data-testid="verdict-submit">
            Resolve
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
