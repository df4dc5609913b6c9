import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeTicket, now } from '../testing/fixtures.ts'
import { cellOf, ticketsCsv } from './ticketsCsv.ts'

async function* pieces(...some: ReturnType<typeof makeTicket>[][]) {
  yield* some
}

it('is a line a ticket, that a CSV reader reads as it was', async () => {
  const odd = makeTicket({ id: 2, device: 'a "b", c\nd', scheduledFor: now })
  let text = ''
  for await (const piece of ticketsCsv(pieces([makeTicket()], [odd]))) text += piece
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
  expect(rows).toMatchObject([
    { ticket: '1', device: 'pump-1', failure_probability: '0.9', scheduled_for: '', priority: '' },
    { ticket: '2', device: odd.device, scheduled_for: '2026-01-10T00:00:00.000Z' },
  ])
})

it('hands no formula to a spreadsheet, whatever a device is called', () => {
  expect(cellOf('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`)
  expect(cellOf(-5)).toBe('-5')
  const opening = fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' =', '\n+')
  fc.assert(
    fc.property(opening, fc.string(), (start, rest) => {
      const [[read]] = parse(cellOf(start + rest), { relax_column_count: true }) as [[string]]
      expect(read).toBe(`'${start}${rest}`)
    }),
  )
})
