import { Button, Group, Modal, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { ProblemAlert } from '../../../components/ProblemAlert.tsx'

interface ReshapeDialogProps {
  readonly title: string
  readonly label: string
  readonly ready: boolean
  readonly busy: boolean
  readonly error: Error | null
  readonly close: () => void
  readonly submit: () => void
  readonly children: ReactNode
}

/** The frame that the three dialogs share. */
export function ReshapeDialog({
  title,
  label,
  ready,
  busy,
  error,
  close,
  submit,
  children,
}: ReshapeDialogProps) {
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (ready) submit()
  }
  return (
    <Modal opened onClose={close} title={title}>
      <form onSubmit={send}>
        <Stack gap="md">
          {children}
          {error && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} data-testid="reshape-submit">
              {label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
