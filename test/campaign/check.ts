import type { Config } from '../../core/config.ts'
import { identityOf, type Journal, letterOf, type SentReading } from './journal.ts'

/** One row of the store's score table. */
export interface FoundScore {
  readonly device: string
  readonly windowEnd: number
  readonly failureProbability: number
}

export interface FoundTicket {
  readonly device: string
  readonly mode: string
  readonly isOpen: boolean
  /** How often its history says that it was opened. */
  readonly opened: number
}

/** What an installation holds once it has settled, asked of its stores and not of its counters. */
export interface Findings {
  /** One entry a row. */
  readonly stored: readonly SentReading[]
  readonly letters: readonly { readonly topic: string; readonly payload: string }[]
  readonly scores: readonly FoundScore[]
  readonly tickets: readonly FoundTicket[]
}

/** What is known of the machines themselves: the failure mode of those that have failed by now. */
export type Failed = ReadonlyMap<string, string>

export interface Verdict {
  /** Acknowledged, and neither stored nor kept as a dead letter. */
  readonly lost: readonly string[]
  /** Stored more than once, or a window scored more than once. */
  readonly doubled: readonly string[]
  /** Stored with another value than was sent, or never sent at all. */
  readonly wrong: readonly string[]
  /** Tickets that are missing, doubled, or not justified by any score. */
  readonly tickets: readonly string[]
}

/**
 * The loss equation, reading by reading: acknowledged = stored + dead-lettered + lost. And tickets against predictions:
 * the policy is applied anew to the stored scores (k of the last n windows over the threshold), so a device has exactly
 * one open ticket where its scores raised an alarm, none where they did not, and of the right mode where it has failed.
 */
export function check(
  journal: Journal,
  findings: Findings,
  failed: Failed,
  policy: Config['policy'],
): Verdict {
  return {
    lost: lostOf(journal, findings),
    doubled: [
      ...repeated(findings.stored.map(identityOf)),
      ...repeated(findings.scores.map(({ device, windowEnd }) => `score of ${device} ${windowEnd}`)),
    ],
    wrong: wrongOf(journal, findings),
    tickets: ticketProblems(findings, failed, policy),
  }
}

export const isClean = (verdict: Verdict): boolean =>
  Object.values(verdict).every((list) => list.length === 0)

function lostOf(journal: Journal, { stored, letters }: Findings): string[] {
  const rows = new Set(stored.map(identityOf))
  const kept = new Set(letters.map(letterOf))
  const readings = [...journal.acknowledged]
    .filter(([identity, message]) => !rows.has(identity) && !kept.has(letterOf(message)))
    .map(([identity]) => identity)
  return [...readings, ...[...journal.unreadable].filter((letter) => !kept.has(letter))]
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.has(name) || !seen.add(name))
}

function wrongOf({ sent }: Journal, { stored }: Findings): string[] {
  return stored.flatMap((row) => {
    const identity = identityOf(row)
    const original = sent.get(identity)
    if (!original) return [`${identity} was never sent`]
    if (original.vibration !== row.vibration)
      return [`${identity} is ${row.vibration}, ${original.vibration} was sent`]
    return []
  })
}

function ticketProblems({ scores, tickets }: Findings, failed: Failed, policy: Config['policy']): string[] {
  const alarmed = alarmedDevices(scores, policy)
  const open = tickets.filter((ticket) => ticket.isOpen)
  const devices = new Set([...alarmed, ...failed.keys(), ...tickets.map(({ device }) => device)])
  return [...devices].flatMap((device) => {
    const own = open.filter((ticket) => ticket.device === device)
    const mode = failed.get(device)
    if (mode !== undefined && !alarmed.has(device)) return [`${device} failed, and no score raised an alarm`]
    if (!alarmed.has(device)) return [`${device} has a ticket that no score justifies`]
    if (own.length !== 1) return [`${device} has ${own.length} open tickets instead of 1`]
    if (own[0]!.opened !== 1) return [`the ticket of ${device} was opened ${own[0]!.opened} times`]
    if (mode !== undefined && own[0]!.mode !== mode)
      return [`the ticket of ${device} says ${own[0]!.mode}, it is ${mode}`]
    return []
  })
}

/** Devices of which k of n windows in a row were over the threshold at any time. */
export function alarmedDevices(
  scores: readonly FoundScore[],
  { k, n, raiseAt }: Config['policy'],
): Set<string> {
  const over = new Map<string, boolean[]>()
  const alarmed = new Set<string>()
  for (const score of scores.toSorted((a, b) => a.windowEnd - b.windowEnd)) {
    const recent = [...(over.get(score.device) ?? []), score.failureProbability >= raiseAt].slice(-n)
    over.set(score.device, recent)
    if (recent.filter(Boolean).length >= k) alarmed.add(score.device)
  }
  return alarmed
}
