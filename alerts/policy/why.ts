import type { DeviceAlarm } from '../../core/ports.ts'
import type { Ticket } from '../../core/ticket.ts'
import { type DecisionReason, decisionReasons } from './decision.ts'
import type { PolicySettings } from './settings.ts'

/** A time in which the scores of a device count neither for nor against. Event times, ms. */
export interface Mute {
  readonly kind: 'maintenance' | 'planned_stop'
  readonly from: number
  readonly until: number
  readonly reason: string
}

/** Everything that has a say in whether a device has a ticket. */
export interface WhyFacts {
  readonly device: string
  readonly alarm: DeviceAlarm | undefined
  readonly settings: PolicySettings
  /** Why it has no score, in words, and since when; null where it is scored. */
  readonly notScored: { readonly words: string; readonly since: number } | null
  readonly openTicket: Pick<Ticket, 'id' | 'state' | 'mode'> | null
  /** The newest ticket that is finished. */
  readonly finished: Pick<Ticket, 'id' | 'state' | 'verdict' | 'prediction'> | null
  /** In force. */
  readonly mutes: readonly Mute[]
  /** The nearest device above it whose alarm stands. */
  readonly parent: { readonly device: string; readonly mode: string | null } | null
}

/** Answers the facts that are its business; the others pass on. */
type Answer = (facts: WhyFacts) => string | undefined

/** What weighs most comes first: each of these alone is why there is no ticket. */
const answers: readonly Answer[] = [
  thereIsOne,
  raisedAlready,
  notScored,
  muted,
  reBaselining,
  inhibited,
  neverJudged,
  tooFew,
]

/** "Why is there no ticket for this device?" in one plain sentence. */
export function explainWhy(facts: WhyFacts): string {
  for (const answer of answers) {
    const words = answer(facts)
    if (words !== undefined) return words
  }
  throw new Error('the last answer fits whatever is left')
}

/** A reason in words; one of a newer version as it stands. */
export const reasonWords = (reason: string): string =>
  (decisionReasons as Readonly<Record<string, string>>)[reason] ?? reason

function thereIsOne({ openTicket }: WhyFacts): string | undefined {
  if (!openTicket) return undefined
  const { id, mode, state } = openTicket
  return `There is one: ticket ${id} (${plain(mode)}) is ${plain(state)}.`
}

function raisedAlready({ alarm, finished }: WhyFacts): string | undefined {
  if (!alarm?.raised || alarm.raisedAt === null) return undefined
  const since = moment(alarm.raisedAt)
  if (finished?.prediction.raisedAt !== alarm.raisedAt)
    return `Because its alarm was raised at ${since} and the prediction is still on its way to a ticket.`
  const verdict = finished.verdict ? ` as ${plain(finished.verdict)}` : ''
  return (
    `Because ticket ${finished.id} of the same alarm was ${plain(finished.state)}${verdict}: the alarm of ${since} ` +
    'opens no second one, the next alarm does.'
  )
}

function notScored({ notScored: state }: WhyFacts): string | undefined {
  if (!state) return undefined
  return `Because it is not scored since ${moment(state.since)}: ${state.words}; that neither raises nor clears an alarm.`
}

function muted({ mutes: [mute] }: WhyFacts): string | undefined {
  if (!mute) return undefined
  const what = mute.kind === 'planned_stop' ? 'a planned stop' : `maintenance (${mute.reason})`
  return `Because it is muted by ${what} until ${moment(mute.until)}: its windows count neither for nor against.`
}

function reBaselining({ alarm }: WhyFacts): string | undefined {
  if (lastReason(alarm) !== 're_baselining' || alarm?.renewedAt === undefined) return undefined
  return (
    `Because it was installed, repaired or replaced at ${moment(alarm.renewedAt)} and its windows still hold readings from ` +
    'before; it is judged again once they hold none.'
  )
}

function inhibited({ alarm, parent }: WhyFacts): string | undefined {
  if (lastReason(alarm) !== 'inhibited_by_parent' || !parent) return undefined
  const mode = parent.mode === null ? '' : ` (${plain(parent.mode)})`
  return `Because the alarm of ${parent.device}${mode}, which it hangs on, stands and is taken for the cause.`
}

function neverJudged({ alarm }: WhyFacts): string | undefined {
  if (alarm && alarm.recent.length > 0) return undefined
  return alarm?.renewedAt === undefined
    ? 'Because no scored window of it has been judged yet.'
    : 'Because no scored window of it has been judged since it was installed, repaired or replaced.'
}

function tooFew({ alarm, settings }: WhyFacts): string {
  const { recent } = alarm!
  const { k, n, raiseAt } = settings
  const over = recent.filter(Boolean).length
  const count = over === 0 ? 'none' : `only ${over}`
  const windows = recent.length === 1 ? 'its one scored window' : `its last ${recent.length} scored windows`
  return (
    `Because ${count} of ${windows} reached a failure probability of ${Math.round(raiseAt * 100)} %; ` +
    `${k} of ${n} raise an alarm.`
  )
}

const lastReason = (alarm: DeviceAlarm | undefined): DecisionReason | undefined =>
  alarm?.trail?.at(-1)?.reason as DecisionReason | undefined

const plain = (name: string): string => name.replaceAll('_', ' ')

/** As a log has it: readable, and the same for everybody. */
const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
