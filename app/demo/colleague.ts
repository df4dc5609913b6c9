import type { TicketStore } from '../../core/ports.ts'
import type { Ticket, TicketChange } from '../../core/ticket.ts'
import type { Fleet } from '../../edge/simulator/fleet.ts'
import { createRandom, type Random } from '../../edge/simulator/random.ts'

const hour = 3_600_000
const lookEveryMs = 50

/** Her name in the history of tickets. */
export const colleagueName = 'Ines'

export interface Colleague {
  /** She takes on no more tickets; what she has taken on she brings to an end. */
  handOver(): void
  stop(): Promise<void>
}

export interface ColleagueParts {
  readonly tickets: Pick<TicketStore, 'list' | 'change'>
  readonly fleet: Pick<Fleet, 'repair' | 'episodes'>
  /** Simulated time, ms. */
  readonly now: () => number
  readonly seed: string
}

/** How long she takes for what, hours of simulated time. */
interface Manner {
  readonly notices: number
  readonly plans: number
  readonly works: number
  readonly closes: number
}

const mannerFor = (random: Random): Manner => ({
  notices: random.between(1, 5),
  plans: random.between(2, 7),
  works: random.between(2, 5),
  closes: random.between(30, 48),
})

/**
 * A planner who worked before the visitor came: takes tickets on, plans the work for the next morning, has the machine
 * repaired and says what was found, as the simulator knows it. All of it goes the way that a person's clicks go.
 */
export function startColleague({ tickets, fleet, now, seed }: ColleagueParts): Colleague {
  const taken = new Set<number>()
  const stopping = new AbortController()
  let takesOn = true

  async function work(ticket: Ticket): Promise<void> {
    if (!isAtWork(now())) return
    const change = nextStep(ticket)
    if (!change) return
    if (change.to === 'acknowledged') taken.add(ticket.id)
    if (change.to === 'resolved') await fleet.repair(ticket.device)
    await tickets.change(ticket.id, { ...change, actor: colleagueName, version: ticket.version })
  }

  function nextStep(ticket: Ticket): Omit<TicketChange, 'actor' | 'version'> | undefined {
    const { state, openedAt, updatedAt, scheduledFor, id } = ticket
    const manner = mannerFor(createRandom(`${seed}/colleague/${id}`))
    const after = (hours: number, since: number) => now() >= since + hours * hour
    if (state === 'open')
      return takesOn && after(manner.notices, openedAt) ? { to: 'acknowledged' } : undefined
    if (!taken.has(id)) return undefined
    if (state === 'acknowledged')
      return after(manner.notices + manner.plans, openedAt)
        ? { to: 'scheduled', scheduledFor: nextMorning(now()) }
        : undefined
    if (state === 'scheduled') return now() >= (scheduledFor ?? 0) ? { to: 'in_progress' } : undefined
    if (state === 'in_progress')
      return after(manner.works, scheduledFor ?? updatedAt) ? found(ticket) : undefined
    return state === 'resolved' && after(manner.closes, ticket.closedAt ?? updatedAt)
      ? { to: 'closed' }
      : undefined
  }

  function found({ device, prediction }: Ticket): Omit<TicketChange, 'actor' | 'version'> {
    const fault = fleet
      .episodes()
      .findLast(
        (e) => e.device === device && e.brokenAt <= prediction.windowEnd && e.outcome !== 'superseded',
      )
    return fault
      ? {
          to: 'resolved',
          verdict: 'confirmed',
          verdictMode: fault.mode,
          note: 'found as suspected, repaired',
        }
      : { to: 'resolved', verdict: 'false_alarm', note: 'nothing found' }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Somebody else may have changed a ticket meanwhile: she looks again.
      for (const ticket of await tickets.list({ limit: 200 })) await work(ticket).catch(() => undefined)
      await new Promise((done) => setTimeout(done, lookEveryMs))
    }
  }
  const running = run()

  return {
    handOver() {
      takesOn = false
    },
    stop() {
      stopping.abort()
      return running
    },
  }
}

/** Seven to four, every day: pumps know no weekend. */
const isAtWork = (time: number) => {
  const hours = new Date(time).getHours()
  return hours >= 7 && hours < 16
}

/** Eight o'clock of the next day, local time. */
function nextMorning(time: number): number {
  const morning = new Date(time)
  morning.setDate(morning.getDate() + 1)
  return morning.setHours(8, 0, 0, 0)
}
