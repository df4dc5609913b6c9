import type { OutgoingMessage, OutgoingTicket } from '../../core/outgoing.ts'
import { linkTo } from './payload.ts'

/** What the text of an e-mail needs beside the message. */
export interface EmailWords {
  readonly pageUrl: () => string
  /** What people call a failure mode, and what to do about it. */
  readonly mode: (assetType: string, mode: string) => { label: string; action: string | null }
  /** Unit of the remaining life of an asset type. */
  readonly usageUnit: (assetType: string) => string
}

export interface EmailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What happened, as the subject says it. */
const happened: Partial<Record<OutgoingMessage['event'], string>> = {
  opened: 'new ticket',
  merged: 'further evidence',
  revised: 'other suspicion',
  in_progress: 'work begun',
  commented: 'comment',
}

type Row = readonly [name: string, value: string]

export function textOf(message: OutgoingMessage, words: EmailWords): EmailText {
  const link = linkTo(message, words.pageUrl())
  if (message.ticket === null) return testText(link)
  const { ticket } = message
  const { label, action } = words.mode(ticket.assetType, ticket.mode)
  const news = happened[message.event] ?? message.event.replaceAll('_', ' ')
  const { actBy } = message.facts
  const by = actBy === undefined ? '' : `, act by ${dayOf(actBy)}`
  const head = `${ticket.device}: ${label}${by}`
  const rows = [...rowsOf(message, ticket, words), ...(action === null ? [] : [['To do', action] as const])]
  return {
    subject: oneLine(`${head} (${news})`),
    text: [head, '', ...rows.map(([name, value]) => `${name}: ${value}`), '', link, ''].join('\n'),
    html: htmlOf(head, rows, link),
  }
}

function testText(link: string): EmailText {
  const head = 'Forewarn reaches you'
  const row = ['Test', 'messages about tickets will come to this address'] as const
  return {
    subject: `${head} (test)`,
    text: `${head}\n\n${row.join(': ')}\n\n${link}\n`,
    html: htmlOf(head, [row], link),
  }
}

function rowsOf(message: OutgoingMessage, ticket: OutgoingTicket, words: EmailWords): Row[] {
  const { rul, failureProbability, basis } = ticket.prediction
  const unit = words.usageUnit(ticket.assetType)
  const { note } = message.detail
  return [
    ['Ticket', `${ticket.id}, ${ticket.state.replace('_', ' ')}`],
    ['What', `${message.event.replace('_', ' ')} by ${message.actor}, ${momentOf(message.at)}`],
    ['Device', `${ticket.device} (${ticket.assetType}, ${ticket.site})`],
    ...(message.facts.priority === undefined ? [] : [['Priority', message.facts.priority] as const]),
    ['Failure within the horizon', `${Math.round(failureProbability * 100)} %`],
    [
      'Remaining life',
      `${short(rul.p05)} to ${short(rul.p95)} ${unit}, likely ${short(rul.p50)}${basis === 'trend' ? ' (from the trend, no failure learned yet)' : ''}`,
    ],
    ...(ticket.verdict === null ? [] : [['Verdict', ticket.verdict.replaceAll('_', ' ')] as const]),
    ...(typeof note === 'string' ? [['Note', note] as const] : []),
  ]
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const momentOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** A header is one line, whatever a device is called. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200)

/** Everything that comes from outside is text in it. */
const htmlOf = (head: string, rows: readonly Row[], link: string): string =>
  [
    '<!doctype html><html><body style="font-family:sans-serif">',
    `<h2>${escaped(head)}</h2>`,
    '<table>',
    ...rows.map(
      ([name, value]) =>
        `<tr><th align="left" valign="top">${escaped(name)}</th><td>${escaped(value).replaceAll('\n', '<br>')}</td></tr>`,
    ),
    '</table>',
    `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`,
    '</body></html>',
  ].join('\n')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!)
