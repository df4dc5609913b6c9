import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { isFinished } from '../../../../../../core/ticket.ts'
import type { TicketDetail } from '../../../api/types.ts'
import { MergeDialog } from './MergeDialog.tsx'
import { ReopenDialog } from './ReopenDialog.tsx'
import { SplitDialog } from './SplitDialog.tsx'

type Asked = 'merge' | 'split' | 'reopen'

const dialogs = { merge: MergeDialog, split: SplitDialog, reopen: ReopenDialog }

/** What is seldom done to a ticket: put into another, taken apart, taken up again. */
export function ReshapeMenu({ detail: { ticket, reopenable } }: { detail: TicketDetail }) {
  const [asked, setAsked] = useState<{ kind: Asked; ticket: TicketDetail['ticket'] } | null>(null)
  const choices: { kind: Asked; label: string }[] = isFinished(ticket.state)
    ? reopenable
      ? [{ kind: 'reopen', label: 'Reopen' }]
      : []
    : [
        { kind: 'merge', label: 'Merge into another' },
        {
          kind: 'split',
          label: ticket.mode === 'disturbance' ? 'Split off a device' : 'Split off a suspicion',
        },
      ]
  if (choices.length === 0) return null
  const Dialog = asked && dialogs[asked.kind]
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="sm" data-testid="more">
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map(({ kind, label }) => (
            <Menu.Item key={kind} onClick={() => setAsked({ kind, ticket })} data-testid={`more-${kind}`}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {Dialog && <Dialog ticket={asked.ticket} close={() => setAsked(null)} />}
    </>
  )
}
