import type { ListedTicket } from '../../../core/ticket.ts'

type Cell = string | number | null

/** What a spreadsheet gets of a ticket. Times are ISO 8601 in UTC. */
const columns: readonly (readonly [name: string, of: (ticket: ListedTicket) => Cell])[] = [
  ['ticket', (t) => t.id],
  ['device', (t) => t.device],
  ['site', (t) => t.site],
  ['asset_type', (t) => t.assetType],
  ['mode', (t) => t.mode],
  ['state', (t) => t.state],
  ['priority', (t) => t.priority?.level ?? null],
  ['priority_score', (t) => t.priority?.score ?? null],
  ['failure_probability', (t) => t.prediction.failureProbability],
  ['rul_p05', (t) => t.prediction.rul.p05],
  ['rul_p50', (t) => t.prediction.rul.p50],
  ['rul_p95', (t) => t.prediction.rul.p95],
  ['act_by', (t) => iso(t.actBy?.at)],
  ['order_by', (t) => iso(t.actBy?.orderBy)],
  ['automation', (t) => t.automation],
  ['opened_at', (t) => iso(t.openedAt)],
  ['updated_at', (t) => iso(t.updatedAt)],
  ['scheduled_for', (t) => iso(t.scheduledFor)],
  ['closed_at', (t) => iso(t.closedAt)],
  ['verdict', (t) => t.verdict],
  ['verdict_mode', (t) => t.verdictMode],
  ['predictions', (t) => t.predictions],
  ['merged_into', (t) => t.mergedInto],
  ['split_from', (t) => t.splitFrom],
]

/** Beyond what a Date holds there is no date. */
function iso(time: number | null | undefined): string | null {
  const date = new Date(time ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Spreadsheets take text without this for their own code page. */
const byteOrderMark = '\uFEFF'

/** CSV (RFC 4180) of tickets as they come, its first line the names of the columns. */
export async function* ticketsCsv(
  pieces: AsyncIterable<readonly ListedTicket[]>,
): AsyncGenerator<string, void, undefined> {
  yield `${byteOrderMark}${columns.map(([name]) => name).join(',')}\r\n`
  for await (const tickets of pieces) yield tickets.map(lineOf).join('')
}

const lineOf = (ticket: ListedTicket): string =>
  `${columns.map(([, of]) => cellOf(of(ticket))).join(',')}\r\n`

/** What a spreadsheet would run as a formula (https://owasp.org/www-community/attacks/CSV_Injection). */
const formula = /^[\s]*[=+\-@\t\r]/

/** Names come from devices and people: text that begins like a formula is marked as text, numbers are ours. */
export function cellOf(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
