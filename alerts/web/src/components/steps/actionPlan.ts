import type { TicketState } from '../../../../../core/ticket.ts'
import type { TicketAction } from '../../api/types.ts'

export interface PlannedAction {
  readonly action: TicketAction
  readonly label: string
  /** The step that usually comes next. */
  readonly primary: boolean
}

const leadsTo: Readonly<Record<TicketAction, TicketState>> = {
  acknowledge: 'acknowledged',
  schedule: 'scheduled',
  start: 'in_progress',
  resolve: 'resolved',
  close: 'closed',
}

const usualNext: Partial<Readonly<Record<TicketState, TicketAction>>> = {
  open: 'acknowledge',
  acknowledged: 'schedule',
  scheduled: 'start',
  in_progress: 'resolve',
  resolved: 'close',
}

function labelOf(action: TicketAction, state: TicketState): string {
  if (action === 'schedule' && state !== 'open' && state !== 'acknowledged') return 'Reschedule'
  if (action === 'start' && state === 'resolved') return 'Reopen'
  return {
    acknowledge: 'Acknowledge',
    schedule: 'Schedule',
    start: 'Start work',
    resolve: 'Resolve',
    close: 'Close',
  }[action]
}

/** What may be done from here; `allowed` is the server's word on the states that may follow. */
export function actionPlan(state: TicketState, allowed: readonly TicketState[]): PlannedAction[] {
  return (Object.keys(leadsTo) as TicketAction[])
    .filter((action) => allowed.includes(leadsTo[action]))
    .map((action) => ({ action, label: labelOf(action, state), primary: usualNext[state] === action }))
}
