import { renews } from '../../alerts/policy/judge.ts'
import type { TicketStore } from '../../core/ports.ts'
import { isFinished, type Ticket, type Verdict } from '../../core/ticket.ts'
import type { TicketLabel } from '../../models/training/labels/timeline.ts'
import type { ReplayStep } from './replayDevice.ts'

/**
 * Who finishes the tickets of a backtest: `recorded` as it was really done; `assumed` when the machine fails or is
 * renewed, or the alarm clears, as a planner would who looks at once.
 */
export type PlannerKind = 'recorded' | 'assumed'

export interface Planner {
  /** Before a step takes effect, and with `undefined` at the end. Finishes what is to be finished by then. */
  before(step: ReplayStep): Promise<void>
}

const actor = 'backtest'

export const createPlanner = (
  kind: PlannerKind,
  device: string,
  tickets: TicketStore,
  recorded: readonly TicketLabel[],
): Planner =>
  kind === 'recorded' ? recordedPlanner(device, tickets, recorded) : assumedPlanner(device, tickets)

function assumedPlanner(device: string, tickets: TicketStore): Planner {
  return {
    async before(step) {
      const ended =
        step.kind === 'event'
          ? step.event.kind === 'failed' || renews(step.event.kind)
          : step.decision.kind === 'clear'
      if (!ended) return
      const verdict = step.kind === 'event' ? 'confirmed' : 'not_inspected'
      for (const ticket of await openTickets(tickets, device)) await resolve(tickets, ticket, verdict)
    },
  }
}

/** A recorded ticket takes part in its device's history until its newest window; then it was finished. */
function recordedPlanner(device: string, tickets: TicketStore, recorded: readonly TicketLabel[]): Planner {
  const endings = recorded
    .filter(({ state }) => isFinished(state))
    .map(({ prediction, verdict }) => ({ after: prediction.windowEnd, verdict: verdict ?? 'not_inspected' }))
    .sort((a, b) => a.after - b.after)
  return {
    async before({ time }) {
      while (endings.length > 0 && endings[0]!.after < time) {
        const { after, verdict } = endings.shift()!
        for (const ticket of await openTickets(tickets, device))
          if (ticket.openedAt <= after) await resolve(tickets, ticket, verdict)
      }
    },
  }
}

const openTickets = async (tickets: TicketStore, device: string): Promise<Ticket[]> =>
  (await tickets.list({ device })).filter(({ state }) => !isFinished(state))

const resolve = (tickets: TicketStore, { id, version, mode }: Ticket, verdict: Verdict) =>
  tickets.change(id, {
    to: 'resolved',
    actor,
    version,
    verdict,
    ...(verdict === 'confirmed' && { verdictMode: mode }),
  })
