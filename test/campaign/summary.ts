import type { Told } from './campaign.ts'

/** A campaign in numbers. `lost`, `doubled`, `wrong` and `ticketsWrong` must be 0, and every round clean. */
export interface CampaignSummary {
  rounds: number
  failedRounds: number
  /** How often each fault befell. */
  readonly faults: Record<string, number>
  /** Messages on the wire, repetitions included, and acknowledgements. */
  messagesSent: number
  messagesAcknowledged: number
  /** Readings and scores that the stores held at the end of each installation's life. */
  stored: number
  scores: number
  deadLetters: number
  /** Readings that went onto the wire once more: the store keeps each once. */
  duplicates: number
  lost: number
  doubled: number
  wrong: number
  tickets: number
  ticketsWrong: number
  /** Ends of a process under a fault that explains them; a supervisor started it again. */
  explainedEnds: number
  seconds: number
}

export const emptySummary = (): CampaignSummary => ({
  rounds: 0,
  failedRounds: 0,
  faults: {},
  messagesSent: 0,
  messagesAcknowledged: 0,
  stored: 0,
  scores: 0,
  deadLetters: 0,
  duplicates: 0,
  lost: 0,
  doubled: 0,
  wrong: 0,
  tickets: 0,
  ticketsWrong: 0,
  explainedEnds: 0,
  seconds: 0,
})

/** Adds rounds up. */
export class Tally {
  readonly summary = emptySummary()
  private lifeOf = 0
  private last = { stored: 0, scores: 0, letters: 0, tickets: 0 }

  add(told: Told): void {
    const { summary: s } = this
    const { verdict, findings } = told
    s.rounds++
    if (!told.isClean) s.failedRounds++
    for (const kind of told.faults) s.faults[kind] = (s.faults[kind] ?? 0) + 1
    s.messagesSent += told.counts.sent
    s.messagesAcknowledged += told.counts.acknowledged
    s.duplicates += told.counts.repeated
    s.lost += verdict.lost.length
    s.doubled += verdict.doubled.length
    s.wrong += verdict.wrong.length
    s.ticketsWrong += verdict.tickets.length
    s.explainedEnds += told.explainedEnds.length
    s.seconds = Math.round(s.seconds * 10 + told.ms / 100) / 10
    // of an installation that could not be asked nothing is known
    if (!told.isClean && findings.stored.length === 0) return
    // what an installation holds grows from round to round: only what is new counts
    if (told.firstOfLife !== this.lifeOf) this.last = { stored: 0, scores: 0, letters: 0, tickets: 0 }
    this.lifeOf = told.firstOfLife
    const now = {
      stored: findings.stored.length,
      scores: findings.scores.length,
      letters: findings.letters.length,
      tickets: findings.tickets.length,
    }
    s.stored += now.stored - this.last.stored
    s.scores += now.scores - this.last.scores
    s.deadLetters += now.letters - this.last.letters
    s.tickets += now.tickets - this.last.tickets
    this.last = now
  }
}

const number = new Intl.NumberFormat('en')

/** For people; the same numbers as `--json`. */
export function summaryText(s: CampaignSummary): string {
  const kinds = Object.entries(s.faults).sort(([a], [b]) => a.localeCompare(b))
  const rows: [string, string][] = [
    ['rounds', `${s.rounds}, of them failed ${s.failedRounds}, ${number.format(s.seconds)} s`],
    ['faults', kinds.map(([kind, n]) => `${kind} ${n}`).join(', ') || 'none'],
    [
      'messages',
      `${number.format(s.messagesSent)} sent, ${number.format(s.messagesAcknowledged)} acknowledged`,
    ],
    ['readings', `${number.format(s.stored)} stored, ${number.format(s.duplicates)} came again`],
    ['dead letters', number.format(s.deadLetters)],
    ['scores', number.format(s.scores)],
    ['tickets', `${number.format(s.tickets)}, missing or superfluous ${s.ticketsWrong}`],
    ['ended by itself', `${s.explainedEnds}, under a fault that explains it`],
    ['lost', number.format(s.lost)],
    ['doubled', number.format(s.doubled)],
    ['wrong', number.format(s.wrong)],
  ]
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`).join('\n')
}

/** What went wrong in a round, with the way to see it again. */
export function failureText(told: Told, seed: string, options: string): string {
  const { verdict } = told
  const some = (what: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${what} ${list.length}: ${list.slice(0, 5).join('; ')}`]
  const lines = [
    ...some('lost', verdict.lost),
    ...some('doubled', verdict.doubled),
    ...some('wrong', verdict.wrong),
    ...some('tickets', verdict.tickets),
    ...told.problems,
  ]
  const rounds = told.round - told.firstOfLife + 1
  return [
    `round ${told.round} of seed ${seed} failed (${told.faults.join(', ')})`,
    ...lines.map((line) => `  ${line}`),
    `  data left in ${told.folder}`,
    `  again: npm run test:campaign -- --seed ${seed} --from ${told.firstOfLife} --rounds ${rounds}${options}`,
  ].join('\n')
}
