import { type ReactNode, useState } from 'react'
import { transitions } from '../../../../../core/ticket.ts'
import { type ActionDetails, useTicketAction } from '../../api/actions.ts'
import type { Ticket, TicketAction } from '../../api/types.ts'
import { useActor } from '../useActor.ts'
import { actionPlan, type PlannedAction } from './actionPlan.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { VerdictDialog } from './VerdictDialog.tsx'

export interface TicketSteps {
  /** What may be done from here, the usual next step marked. */
  readonly plan: readonly PlannedAction[]
  readonly pending: TicketAction | null
  readonly error: Error | null
  /** Does it, or asks for what it needs first. */
  readonly begin: (action: TicketAction) => void
  readonly forget: () => void
  /** Has to stand somewhere below. */
  readonly dialogs: ReactNode
}

interface Asked {
  readonly action: 'schedule' | 'resolve'
  /** As it was when the dialog opened: what another planner does meanwhile is not overwritten. */
  readonly ticket: Ticket
}

const asksFirst = (action: TicketAction): action is Asked['action'] =>
  action === 'schedule' || action === 'resolve'

/** The steps of one ticket, wherever it is shown. */
export function useTicketSteps(ticket: Ticket): TicketSteps {
  const [actor] = useActor()
  const change = useTicketAction(actor)
  const [asked, setAsked] = useState<Asked | null>(null)

  const take = (action: TicketAction, seen: Ticket, details?: ActionDetails) =>
    change.mutate(
      { ticket: seen, action, ...(details ? { details } : {}) },
      { onSettled: () => setAsked(null) },
    )
  const form = asked && {
    ticket: asked.ticket,
    opened: true,
    busy: change.isPending,
    close: () => setAsked(null),
    submit: (details: ActionDetails) => take(asked.action, asked.ticket, details),
  }

  return {
    plan: actionPlan(
      ticket.state,
      transitions[ticket.state].filter((state) => state !== 'withdrawn'),
    ),
    pending: change.isPending ? change.variables.action : null,
    error: change.error,
    begin: (action) => (asksFirst(action) ? setAsked({ action, ticket }) : take(action, ticket)),
    forget: () => change.reset(),
    // A board has hundreds of cards: their dialogs are there when they are asked for.
    dialogs:
      form && (asked.action === 'schedule' ? <ScheduleDialog {...form} /> : <VerdictDialog {...form} />),
  }
}
