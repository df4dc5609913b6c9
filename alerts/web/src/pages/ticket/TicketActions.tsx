import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ActionDetails, useTicketAction } from '../../api/actions.ts'
import { keys } from '../../api/keys.ts'
import type { TicketAction, TicketDetail } from '../../api/types.ts'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useActor } from '../../components/useActor.ts'
import { actionPlan } from './actionPlan.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import classes from './TicketActions.module.css'
import { VerdictDialog } from './VerdictDialog.tsx'

type Dialog = 'schedule' | 'resolve'

const needsDialog = (action: TicketAction): action is Dialog => action === 'schedule' || action === 'resolve'

/** The steps that are possible from here, and only those. */
export function TicketActions({ detail }: { detail: TicketDetail }) {
  const { ticket, allowed } = detail
  const [actor] = useActor()
  const client = useQueryClient()
  const change = useTicketAction(ticket, actor)
  const [dialog, setDialog] = useState<Dialog | null>(null)

  const take = (action: TicketAction, details?: ActionDetails) =>
    change.mutate({ action, ...(details ? { details } : {}) }, { onSettled: () => setDialog(null) })

  const reload = () => {
    change.reset()
    void client.invalidateQueries({ queryKey: keys.ticket(ticket.id) })
  }

  return (
    <div className={classes.actions}>
      <div className={classes.buttons}>
        {actionPlan(ticket.state, allowed).map(({ action, label, primary }) => (
          <Button
            key={action}
            variant={primary ? 'filled' : 'default'}
            size="sm"
            loading={change.isPending && change.variables?.action === action}
            disabled={change.isPending}
            onClick={() => (needsDialog(action) ? setDialog(action) : take(action))}
            data-testid={action}
          >
            {label}
          </Button>
        ))}
      </div>
      {change.error && <ProblemAlert error={change.error} retry={reload} retryLabel="Reload the ticket" />}
      <ScheduleDialog
        detail={detail}
        opened={dialog === 'schedule'}
        busy={change.isPending}
        close={() => setDialog(null)}
        submit={(details) => take('schedule', details)}
      />
      <VerdictDialog
        ticket={ticket}
        opened={dialog === 'resolve'}
        busy={change.isPending}
        close={() => setDialog(null)}
        submit={(details) => take('resolve', details)}
      />
    </div>
  )
}
