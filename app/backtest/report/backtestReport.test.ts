import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { AssetType } from '../../../core/catalogue.ts'
import { compareStrategies } from '../../../models/evaluation/maintenance/costs.ts'
import {
  judgeTickets,
  type ObservedLife,
  ticketFigures,
} from '../../../models/evaluation/maintenance/outcome.ts'
import { loadCatalogue } from '../../loadCatalogue.ts'
import type { BacktestResult } from '../backtest.ts'
import { writeBacktestReport } from '../report.ts'
import { backtestReport } from './backtestReport.ts'
import { mostRows } from './listSections.ts'

const hour = 3_600_000
const pump = loadCatalogue().get('pump')!
const start = Date.UTC(2026, 0, 5)

const life = (device: string, over: Partial<ObservedLife> = {}): ObservedLife => ({
  device,
  from: start,
  until: start + 1000 * hour,
  end: 'failed',
  mode: 'bearing_wear',
  healthyUntil: null,
  ...over,
})

const ticket = (device: string, hoursBefore: number, mode = 'bearing_wear') => ({
  device,
  mode,
  openedAt: start + (1000 - hoursBefore) * hour,
})

const lives = [
  life('P-found'),
  life('P-early', { mode: 'cavitation' }),
  life('P-late'),
  life('<script>alert(1)</script>', { mode: null }),
  life('P-sound', { end: 'running', mode: null }),
]
const opened = [
  ticket('P-found', 30),
  ticket('P-early', 50, 'cavitation'),
  ticket('P-late', 3),
  ticket('P-sound', 500, 'unknown'),
  ticket('P-sound', 10),
]

/** What a backtest makes of lives and tickets; the pump's horizon is 36 h and its repairs need 12 h. */
function resultOf(of: readonly ObservedLife[], tickets: typeof opened): BacktestResult {
  const judged = judgeTickets(of, tickets, { horizon: 36 * hour, requiredLead: () => 12 * hour })
  const inHours = (ms: number | null | undefined) => (ms == null ? null : ms / hour)
  return {
    assetType: 'pump',
    source: 'made by hand',
    model: 'abcdef0123456789',
    backend: 'wasm',
    policy: { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 },
    planner: 'assumed',
    usageUnit: 'h',
    horizon: 36,
    from: start,
    until: start + 1000 * hour,
    devices: of.length,
    readings: 30_000,
    windows: 29_000,
    seconds: 3.6,
    tickets: judged.tickets.map((one) => ({ ...one, predictions: 1, leadUsage: inHours(one.lead) })),
    failures: judged.failures.map(({ life: { device, until, mode }, outcome, ticket: told }) => ({
      device,
      at: until,
      mode,
      outcome,
      leadUsage: inHours(told?.lead),
    })),
    figures: ticketFigures(judged),
    falsePerThousand: tickets.length > 0 ? 0.5 : null,
    costs: compareStrategies(of, judged, {
      costsOf: () => ({ planned: 100, failure: 1000 }),
      requiredLead: () => 12 * hour,
    }),
  }
}

const full = resultOf(lives, opened)
const html = backtestReport(full, pump)

/** A section's HTML. */
function section(page: string, heading: string): string {
  const found = page.split('<section>').find((one) => one.startsWith(`<h2>${heading}</h2>`))
  expect(found, heading).toBeDefined()
  return found!
}

/** The cells of a section's table, row by row. */
const rowsOf = (page: string, heading: string): string[][] =>
  section(page, heading)
    .split('<tr>')
    .slice(2)
    .map((row) => row.split('</td>').map((cell) => cell.replace(/<[^>]*>/g, '')))
    .map((cells) => cells.slice(0, -1))

const paragraphs = (page: string, heading: string): string[] =>
  [...section(page, heading).matchAll(/<p>(.*?)<\/p>/g)].map(([, text]) => text!)

describe('the report of a backtest', () => {
  it('says what was replayed, through what, and how fast', () => {
    const facts = Object.fromEntries(
      [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => [name, value]),
    )
    expect(facts).toEqual({
      'Failures told in time': '1 of 4',
      Tickets: '5<small>1 false</small>',
      Devices: '5<small>208 machine days seen</small>',
      Replayed: '42 days<small>2026-01-05 to 2026-02-15</small>',
      Readings: '30,000',
      'Windows scored': '29,000<small>TensorFlow.js on wasm</small>',
      'Model version': 'abcdef012345',
      'Replay took': '3.6 s<small>1,000,000 times faster than real time</small>',
    })
  })

  it('comes to a sentence that a planner understands', () => {
    const [summary, policy, planner] = paragraphs(html, 'What it comes to')
    expect(summary).toBe(
      '1 of 4 failures was told in time, at least 12 h and at most 36 h ahead; 1 earlier than that; 1 too late; 1 not at all. 5 tickets would have been opened; 1 of them was false, and of 1 one cannot know yet. A day that a machine ran would have cost 11.2; run to failure it cost 19.2.',
    )
    expect(policy).toContain(
      '3 of 4 windows in a row give a failure within 36 h a probability of 50 % or more',
    )
    expect(planner).toContain('assumed')
    const recorded = backtestReport({ ...full, planner: 'recorded' }, pump)
    expect(paragraphs(recorded, 'What it comes to')[2]).toContain('as recorded')
  })

  it('shows how failures were told, with the required lead and the horizon beside the lead times', () => {
    const failures = section(html, 'Failures: were they told, and when')
    for (const words of ['told in time: 1', 'told early: 1', 'told late: 1', 'missed: 1'])
      expect(failures).toContain(`>${words}<`)
    for (const words of ['required lead', 'horizon', 'h before the failure'])
      expect(failures).toContain(`>${words}<`)
    expect(failures).toContain('Median lead time of the 3 failures that a ticket came before: 30 h.')
  })

  it('shows tickets by week, in the colour of their outcome', () => {
    const time = section(html, 'Tickets over time')
    expect(time).toContain('Tickets opened, by week')
    expect(time).toContain('>2026-01-05<')
    for (const word of ['in time', 'early', 'late', 'false', 'undecided']) expect(time).toContain(`>${word}<`)
  })

  it('has figures that agree with its lists', () => {
    const figures = new Map(rowsOf(html, 'Right and wrong').map(([name, value]) => [name!, value!]))
    const count = (start: string) => Number([...figures].find(([name]) => name.startsWith(start))![1])
    expect([...figures.values()]).toEqual(['50.0 %', '25.0 %', '0.5', '5', '1', '1', '1', '1', '1'])
    const outcomes = rowsOf(html, 'Every ticket').map(([, , , outcome]) => outcome!)
    expect(outcomes).toHaveLength(count('Tickets'))
    for (const outcome of ['in time', 'early', 'late', 'false', 'undecided'])
      expect(outcomes.filter((one) => one === outcome)).toHaveLength(count(`${outcome}:`))
    const modes = rowsOf(html, 'By failure mode')
    const total = (column: number) =>
      modes.reduce((sum, row) => sum + Number.parseInt(row[column]!, 10) || sum, 0)
    expect([total(1), total(2), total(3)]).toEqual([4, 1, 5])
    expect(rowsOf(html, 'Failures not told in time')).toHaveLength(4 - full.figures.found)
  })

  it('tells failures and tickets by mode', () => {
    const modes = rowsOf(html, 'By failure mode')
    expect(modes[0]).toEqual(['Bearing wear', '2', '1 (50.0 %)', '3', '100.0 %'])
    expect(modes[1]).toEqual(['Cavitation', '1', '0 (0.0 %)', '1', '0.0 %'])
    expect(modes.slice(-2)).toEqual([
      ['fits no known mode', '0', '–', '1', '0.0 %'],
      ['not recorded', '1', '0 (0.0 %)', '0', '–'],
    ])
  })

  it('shows what four strategies cost, and what was assumed', () => {
    expect(rowsOf(html, 'Cost per day')).toEqual([
      ['run to failure', '19.2', '4,000', '208'],
      ['age replacement', '2.4', '500', '208'],
      ['forewarn', '11.2', '2,300', '206'],
      ['perfect predictor', '1.92', '400', '208'],
    ])
    const words = paragraphs(html, 'Cost per day').join(' ')
    expect(words).toContain('a false ticket costs a whole planned repair')
    expect(words).toMatch(/best in hindsight on these very lives, here 1,000 h/)
  })

  it('lists every ticket and every failure not told in time', () => {
    expect(rowsOf(html, 'Every ticket')[0]).toEqual([
      '2026-02-14 10:00',
      'P-found',
      'Bearing wear',
      'in time',
      '30 h',
    ])
    expect(rowsOf(html, 'Failures not told in time').map((row) => row.slice(1))).toEqual([
      ['P-early', 'Cavitation', 'told early', '50 h'],
      ['P-late', 'Bearing wear', 'told late', '3 h'],
      ['&#60;script&#62;alert(1)&#60;/script&#62;', 'not recorded', 'missed', '–'],
    ])
  })

  it('leaves the text of strangers text', () => {
    const evil = '<script>alert(1)</script>'
    const page = backtestReport({ ...resultOf([life(evil)], [ticket(evil, 20, evil)]), source: evil }, pump)
    expect(page).not.toContain('<script')
    expect(rowsOf(page, 'Every ticket')[0]![1]).toBe('&#60;script&#62;alert(1)&#60;/script&#62;')
  })

  it('lists no more tickets than a page can hold, and says how many more', () => {
    const many = Array.from({ length: mostRows + 7 }, (_, i) => ticket('P-found', 20 + i / 100))
    const page = backtestReport(resultOf([life('P-found')], many), pump)
    expect(rowsOf(page, 'Every ticket')).toHaveLength(mostRows)
    expect(paragraphs(page, 'Every ticket')[1]).toBe(
      'The first 500; 7 more are in the result as JSON (--json).',
    )
  })

  it('reads well where nothing failed and no ticket was opened', () => {
    const page = backtestReport(resultOf([life('P-1', { end: 'running', mode: null })], []), pump)
    expect(paragraphs(page, 'What it comes to')[0]).toBe(
      'No failure is known in this history, so there was none to tell. No ticket would have been opened.',
    )
    expect(paragraphs(page, 'Cost per day')[0]).toContain('would have cost anything')
    expect(paragraphs(page, 'Every ticket')).toEqual(['No ticket would have been opened.'])
    expect(paragraphs(page, 'Failures not told in time')).toEqual(['No failure is known in this history.'])
    expect(
      rowsOf(page, 'Right and wrong')
        .slice(0, 3)
        .map(([, value]) => value),
    ).toEqual(['–', '–', '–'])
    expect(page).not.toContain('<svg')
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/)
  })

  it('reads well where failures came and no ticket did, or each was told', () => {
    const missed = backtestReport(resultOf([life('P-1')], []), pump)
    expect(paragraphs(missed, 'What it comes to')[0]).toContain(
      'The only failure was not told in time, at least 12 h and at most 36 h ahead; 1 not at all. No ticket',
    )
    expect(section(missed, 'Failures: were they told, and when')).toContain('there is no lead time')
    const told = [life('P-1'), life('P-2')]
    const all = backtestReport(resultOf(told, [ticket('P-1', 20), ticket('P-2', 20)]), pump)
    expect(paragraphs(all, 'What it comes to')[0]).toMatch(
      /^All 2 failures were told in time, .*; none of them was false\./,
    )
    expect(paragraphs(all, 'Failures not told in time')).toEqual(['None: every failure was told in time.'])
    expect(missed + all).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('has an asset type without failure modes, and required leads that differ', () => {
    const none: AssetType = { ...pump, failureModes: [] }
    expect(paragraphs(backtestReport(full, none), 'What it comes to')[0]).toContain(
      'in time, at most 36 h ahead',
    )
    const [first, ...others] = pump.failureModes
    const differ: AssetType = { ...pump, failureModes: [{ ...first!, requiredLead: 24 }, ...others] }
    const page = backtestReport(full, differ)
    expect(paragraphs(page, 'What it comes to')[0]).toContain('at least 12 to 24 h')
    expect(section(page, 'Failures: were they told, and when')).toContain('>shortest required lead<')
  })

  it('says where a history has no dates', () => {
    expect(html).not.toContain('counted from 1970-01-01')
    expect(backtestReport({ ...full, from: 0 }, pump)).toContain('counted from 1970-01-01')
  })
})

describe('its file', () => {
  /** Without the names inside of drawings, which count on from one drawing to the next. */
  const plain = (page: string) => page.replace(/zr\d+-[a-z]+-?\d+/g, '')
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-report-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is the whole page, with nothing beside it', async () => {
    await writeBacktestReport(join(folder, 'report.html'), full, pump)
    expect(plain(readFileSync(join(folder, 'report.html'), 'utf8'))).toBe(plain(html))
    expect(readdirSync(folder)).toEqual(['report.html'])
  })

  it('is asked for elsewhere where it cannot be written', async () => {
    await expect(writeBacktestReport(join(folder, 'none', 'report.html'), full, pump)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    })
  })
})
