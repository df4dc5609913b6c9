import type { AssetType } from '../../../core/catalogue.ts'
import {
  type Demands,
  endsInFailure,
  judgeTickets,
  type OpenedTicket,
} from '../../../models/evaluation/maintenance/outcome.ts'
import type { TrueLife } from './truth.ts'

/**
 * What a ticket is worth, in the terms of reliability-centred maintenance (SAE JA1011: a potential failure P is seen, a
 * functional failure F follows; between them lies the P-F interval):
 *
 * - `right`: F follows, at least the mode's `requiredLead` and at most `rulCap` after the ticket, and the ticket came after P.
 * - `late`: F follows sooner than the required lead: the repair cannot be planned any more.
 * - `early`: F follows, but later than `rulCap`, or the ticket came before P, where that is known. Beyond `rulCap` (96 h of a
 *   pump) the asset type's remaining life is told as "more than" only, so a ticket can rest on nothing that the forecast
 *   knows; before P there was nothing to see and the ticket is right by luck. Between the horizon and `rulCap` a ticket
 *   gives away remaining life, but the planner finds the fault that it names; how many come within the horizon is counted.
 * - `false`: no failure follows within `rulCap`, the machine is known to have been healthy, or what followed was a sudden
 *   failure, which nobody could see coming.
 * - `repeated`: a further ticket for a failure that was told in time: neither right nor wrong, counted apart.
 * - `undecided`: the record ends before one can know.
 *
 * Precision is right among right, late, early and false. Recall is failures that are not sudden with a right ticket, among
 * all that are not sudden.
 */
export type FleetOutcome = 'right' | 'late' | 'early' | 'false' | 'repeated' | 'undecided'

export interface FleetTicket extends OpenedTicket {
  readonly outcome: FleetOutcome
  /** From the ticket to the failure, ms; null where none followed. */
  readonly lead: number | null
  /** Mode of the failure that followed; null where none did, or nobody knows. */
  readonly trueMode: string | null
}

export interface FleetFailure {
  readonly device: string
  readonly time: number
  readonly mode: string | null
  readonly sudden: boolean
  /** `missed`: no ticket at all, or only false ones. */
  readonly outcome: 'found' | 'late' | 'early' | 'missed'
  /** Of the first right ticket, else of the first one; ms. */
  readonly lead: number | null
}

export interface JudgedDevice {
  readonly tickets: readonly FleetTicket[]
  readonly failures: readonly FleetFailure[]
}

/** Judges the tickets of one device. */
export function judgeDevice(
  type: AssetType,
  lives: readonly TrueLife[],
  opened: readonly OpenedTicket[],
): JudgedDevice {
  const judged = lives.map((life) => ({ life, tickets: judgeLife(type, life, opened) }))
  const known = new Set(judged.flatMap(({ tickets }) => tickets.map(({ openedAt }) => openedAt)))
  const strangers = opened
    .filter(({ openedAt }) => !known.has(openedAt))
    .map((ticket) => ({ ...ticket, outcome: 'undecided' as const, lead: null, trueMode: null }))
  return {
    tickets: [...judged.flatMap(({ tickets }) => tickets), ...strangers],
    failures: judged
      .filter(({ life }) => endsInFailure(life))
      .map(({ life, tickets }) => failureOf(life, tickets)),
  }
}

function judgeLife(type: AssetType, life: TrueLife, opened: readonly OpenedTicket[]): FleetTicket[] {
  const { tickets } = judgeTickets([life], opened, demandsOf(type))
  let told = false
  return tickets
    .toSorted((a, b) => a.openedAt - b.openedAt)
    .map(({ device, mode, openedAt, lead, outcome }) => {
      const tooSoon = lead !== null && life.firstSign !== null && openedAt < life.firstSign
      let judged: FleetOutcome = outcome === 'found' ? 'right' : outcome
      if (life.sudden) judged = 'false'
      else if (tooSoon) judged = 'early'
      else if (told) judged = 'repeated'
      told ||= judged === 'right'
      return { device, mode, openedAt, lead, outcome: judged, trueMode: lead === null ? null : life.mode }
    })
}

function failureOf({ device, until, mode, sudden }: TrueLife, tickets: readonly FleetTicket[]): FleetFailure {
  const first =
    tickets.find(({ outcome }) => outcome === 'right') ?? tickets.find(({ outcome }) => outcome !== 'false')
  const outcome =
    first?.outcome === 'right' ? 'found' : first?.outcome === 'late' ? 'late' : first ? 'early' : 'missed'
  return { device, time: until, mode, sudden, outcome, lead: first?.lead ?? null }
}

/** Usage units as time, by the cadence at which they pass. */
const asTime = ({ usage, cadenceMs }: AssetType, units: number) => (units / usage.perSlot) * cadenceMs

function demandsOf(type: AssetType): Demands {
  const longest = Math.max(0, ...type.failureModes.map(({ requiredLead }) => requiredLead))
  return {
    horizon: asTime(type, type.rulCap),
    requiredLead: (mode) =>
      asTime(type, type.failureModes.find(({ name }) => name === mode)?.requiredLead ?? longest),
  }
}
