import { expect, it } from 'vitest'
import type { OutgoingMessage } from '../../core/outgoing.ts'
import { makeTicket } from '../http/testing/fixtures.ts'
import { textOf } from './emailText.ts'

const words = {
  pageUrl: () => 'https://forewarn.plant/',
  mode: () => ({ label: 'Bearing wear', action: 'replace the bearing' }),
  usageUnit: () => 'h',
}
const about = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: 'msg_1',
  event: 'opened',
  at: Date.UTC(2026, 0, 10, 8, 5),
  actor: 'policy',
  detail: {},
  ticket: makeTicket(),
  facts: {},
  ...changes,
})

it('says in its subject which device, which mode and until when', () => {
  const actBy = Date.UTC(2026, 0, 12)
  expect(textOf(about(), words).subject).toBe('pump-1: Bearing wear (new ticket)')
  expect(textOf(about({ facts: { actBy } }), words).subject).toBe(
    'pump-1: Bearing wear, act by 2026-01-12 (new ticket)',
  )
})

it('has the same facts in plain text and in HTML, and the way to the ticket', () => {
  const { text, html } = textOf(about({ event: 'resolved', actor: 'Anna', detail: { note: 'worn' } }), words)
  for (const fact of [
    '40 to 96 h, likely 90',
    '90 %',
    'resolved by Anna, 2026-01-10 08:05 UTC',
    'worn',
    'replace the bearing',
  ]) {
    expect(text).toContain(fact)
    expect(html).toContain(fact)
  }
  expect(text).toContain('\nhttps://forewarn.plant/tickets/1\n')
  expect(html).toContain('<a href="https://forewarn.plant/tickets/1">')
})

it('takes nothing for HTML or for a header that comes from outside', () => {
  const evil = `<img src=x onerror="alert('1')">&\r\nBcc: all@plant.example`
  const ticket = { ...makeTicket(), device: evil, site: evil, assetType: evil }
  const message = about({
    ticket,
    actor: evil,
    event: 'commented',
    detail: { note: evil },
    facts: { priority: evil },
  })
  const { subject, html } = textOf(message, { ...words, mode: () => ({ label: evil, action: evil }) })
  expect(subject).not.toMatch(/[\r\n]/)
  expect(html).not.toMatch(/<img/)
  const tags = new Set([...html.matchAll(/<\/?(\w+|!doctype)/g)].map(([, name]) => name))
  expect([...tags].sort()).toEqual([
    '!doctype',
    'a',
    'body',
    'br',
    'h2',
    'html',
    'p',
    'table',
    'td',
    'th',
    'tr',
  ])
})
