import type { AssetType } from './catalogue.ts'
import type { RulQuantiles } from './score.ts'
import { inWords, lastWorkingMoment, type WorkingCalendar, zoneOf } from './workingCalendar.ts'

const dayMs = 86_400_000
/** Machines that hardly run have a date beyond all plans: further ahead than this it says nothing more. */
const furthestDays = 36_500

/** Until when somebody has to act, and what that follows from. Times in ms; usage in the asset type's unit. */
export interface ActByDate {
  /** Last working moment at which the work can begin and still end before the early end. */
  readonly at: number
  /** Event time at which the early end of the interval (p05) is used up: one in twenty fails sooner. */
  readonly earlyEnd: number
  /** The early end is the most that can be known of it: the machine lasts so long or longer. */
  readonly atLeast: boolean
  /** Usage that planning and doing the work take. */
  readonly lead: number
  readonly usagePerDay: number
  /** Last working moment to order parts; null where none has to be waited for. */
  readonly orderBy: number | null
  readonly timeZone: string
  /** The same in words. */
  readonly argument: string
}

/** The same as of a moment. */
export interface ActBy extends ActByDate {
  /** The moment to act has passed. */
  readonly tooLate: boolean
  /** The moment to order the parts has passed. */
  readonly partsTooLate: boolean
}

export interface ActByFacts {
  readonly type: AssetType
  readonly mode: string
  readonly rul: RulQuantiles
  /** Event time from which the remaining life counts, ms. */
  readonly windowEnd: number
  /** The register's; the catalogue's where it has none. */
  readonly usagePerDay?: number | null | undefined
}

/** Notice to assume where the catalogue has none for the mode: a third of the horizon. */
export const assumedLead = (horizon: number): number => horizon / 3

/**
 * The remaining life's early end as a date, back from there what the work needs, back from there to when somebody works.
 * Usage runs evenly over the days; lead and delivery are counted by the clock, nights and weekends included.
 */
export function actByOf(facts: ActByFacts, calendar: WorkingCalendar): ActByDate {
  const { type, rul, windowEnd } = facts
  const mode = type.failureModes.find(({ name }) => name === facts.mode)
  const usagePerDay = facts.usagePerDay ?? type.usage.perDay
  const lead = mode?.requiredLead ?? assumedLead(type.horizon)
  const ms = (usage: number) => Math.min(usage / usagePerDay, furthestDays) * dayMs
  const earlyEnd = Math.floor(windowEnd + ms(rul.p05))
  const at = lastWorkingMoment(calendar, Math.floor(earlyEnd - ms(lead)))
  const delivery = mode?.partsLeadDays ?? 0
  const orderBy = delivery > 0 ? lastWorkingMoment(calendar, Math.floor(at - delivery * dayMs)) : null
  const date = { at, earlyEnd, atLeast: rul.p05 >= type.rulCap, lead, usagePerDay, orderBy }
  const words = argue(date, facts, { delivery, parts: mode?.parts ?? [] }, calendar)
  return { ...date, timeZone: zoneOf(calendar), argument: words }
}

/** What a planner reads at `now`, ms. */
export function actByAsOf(date: ActByDate, now: number): ActBy {
  const tooLate = now > date.at
  const partsTooLate = date.orderBy !== null && now > date.orderBy
  const warning = tooLate
    ? 'The date has passed: the work may not end before the machine fails. '
    : partsTooLate
      ? 'The parts may come too late unless they are at hand. '
      : ''
  return { ...date, tooLate, partsTooLate, argument: warning + date.argument }
}

function argue(
  { at, earlyEnd, atLeast, lead, usagePerDay, orderBy }: Omit<ActByDate, 'timeZone' | 'argument'>,
  { type, rul }: ActByFacts,
  { delivery, parts }: { delivery: number; parts: readonly string[] },
  calendar: WorkingCalendar,
): string {
  const { unit } = type.usage
  const order =
    orderBy === null
      ? ''
      : ` Order ${parts.join(', ') || 'the parts'} by ${inWords(calendar, orderBy)}: delivery takes ${days(delivery)}.`
  return (
    `Begin by ${inWords(calendar, at)} (${zoneOf(calendar)}): one in twenty fails before ${short(rul.p05)} ${unit}` +
    `${atLeast ? ' or more' : ''}, at ${short(usagePerDay)} ${unit} a day on ${inWords(calendar, earlyEnd)}; ` +
    `the work needs ${short(lead)} ${unit} before that, and begins in working hours.${order}`
  )
}

const short = (n: number) => String(Number(n.toPrecision(3)))
const days = (n: number) => (n === 1 ? 'a day' : `${short(n)} days`)
