import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Line } from '../lib/benchCase.ts'
import { figureCell, verdicts } from './aims.ts'
import { barChart } from './barChart.ts'
import { performancePage } from './document.ts'
import { newestLines, parseLines } from './lines.ts'
import { differingSettings, figureWords, tellingSettings, valueWords } from './words.ts'

const docs = fileURLToPath(new URL('../../../docs', import.meta.url))

const line = (given: Partial<Line>): Line => ({
  case: 'ingest',
  at: '2026-01-01T00:00:00.000Z',
  settings: {},
  figures: {},
  machine: { cpu: 'Abacus', cores: 2, memoryGb: 4, system: 'Linux 6.1' },
  versions: { node: '20.0.0' },
  ...given,
})

describe('docs/performance.md', () => {
  const { document, images } = performancePage(
    parseLines(readFileSync(join(docs, 'performance.jsonl'), 'utf8')),
  )

  it('is what the script makes of docs/performance.jsonl (npm run bench:table)', () => {
    expect(readFileSync(join(docs, 'performance.md'), 'utf8')).toBe(document)
  })

  it('has the charts that the script makes of it, and no others', () => {
    const committed = readdirSync(join(docs, 'images')).filter((name) => name.startsWith('performance-'))
    expect(committed.sort()).toEqual([...images.keys()].sort())
    for (const [name, svg] of images) expect(readFileSync(join(docs, 'images', name), 'utf8')).toBe(svg)
  })
})

it('takes the newest line of a case and its settings, however long it took', () => {
  const lines = [
    line({ settings: { connections: 1, seconds: 60 }, at: '2026-01-02T00:00:00.000Z', figures: { n: 2 } }),
    line({ settings: { seconds: 10, connections: 1 }, figures: { n: 1 } }),
    line({ settings: { connections: 50, seconds: 10 }, figures: { n: 3 } }),
  ]
  expect(newestLines(lines).map(({ figures }) => figures.n)).toEqual([2, 3])
})

it.each([
  ['messagesPerSecond', 'messages/s'],
  ['ackP99Ms', 'ack p99, ms'],
  ['mainThreadMicrosecondsPerMessage', 'main thread, µs/message'],
  ['cpuMicrosecondsPerMessage', 'CPU, µs/message'],
  ['bytesPerDevice', 'bytes per device'],
  ['backlogSeconds', 'backlog, s'],
  ['influxdCores', 'CPU cores, influxd'],
])('writes %s as %s', (name, words) => {
  expect(figureWords(name)).toBe(words)
})

it('writes numbers with separators and no more digits than one reads', () => {
  expect([80_000.4, 12.34, 0.1234, null, 'wasm'].map(valueWords)).toEqual([
    '80,000',
    '12.3',
    '0.123',
    '-',
    'wasm',
  ])
})

it('tells lines apart by as few settings as it can, those first that all have', () => {
  const lines = [
    line({ settings: { connections: 1, window: 4_000, store: 'duckdb' } }),
    line({ settings: { connections: 50, window: 80, store: 'duckdb' } }),
    line({ settings: { connections: 50, store: 'influxdb', broker: 'embedded' } }),
    line({ settings: { connections: 50, store: 'influxdb', broker: 'mosquitto' } }),
  ]
  expect(differingSettings(lines)).toEqual(['connections', 'window', 'store', 'broker'])
  expect(tellingSettings(lines)).toEqual(['connections', 'store', 'broker'])
})

describe('an aim', () => {
  const judged = (measured: number | null, aim: { atLeast?: number; atMost?: number }) => {
    const one = line({
      figures: { rate: measured },
      aims: [{ figure: 'rate', limitedBy: 'the disk', ...aim }],
    })
    const [verdict] = verdicts(one)
    return { ...verdict!, cell: figureCell(one, 'rate') }
  }

  it('that is reached says so beside the figure', () => {
    expect(judged(90, { atLeast: 90 })).toMatchObject({ reached: true, missedBy: '', limitedBy: '' })
    expect(judged(0, { atMost: 0 }).cell).toBe('0 (aim: at most 0)')
  })

  it.each([
    [60_000, { atLeast: 80_000 }, 'by 25 %'],
    [1_250, { atMost: 1_000 }, 'by 25 %'],
    [29_000, { atMost: 1_000 }, '29 times the aim'],
    [3, { atMost: 0 }, 'by 3'],
    [null, { atMost: 1 }, 'not measured'],
  ])('says by how much %d misses %o, and what limits it', (measured, aim, missedBy) => {
    expect(judged(measured, aim)).toMatchObject({ reached: false, missedBy, limitedBy: 'the disk' })
  })

  it('that is missed stands in the list before the cases', () => {
    const missed = line({
      settings: { connections: 50 },
      figures: { rate: 60_000 },
      aims: [{ figure: 'rate', atLeast: 80_000, limitedBy: 'one | thread' }],
    })
    const { document } = performancePage([missed, line({ settings: { connections: 1 } })])
    expect(document).toContain('0 of 1 aims are reached. These are not:')
    expect(document).toContain(
      '| ingest, connections 50 | rate | at least 80,000 | 60,000 | by 25 % | one \\| thread |',
    )
    expect(document).toContain('| **60,000** (aim missed: at least 80,000) |')
  })
})

it('puts many measurements below each other', () => {
  const batches = [1, 2, 4, 8, 16, 32, 64]
  const lines = batches.map((batch) =>
    line({ case: 'score', settings: { batch }, figures: { windowsPerSecond: batch * 1_000 } }),
  )
  expect(performancePage(lines).document).toContain('| batch | windows/s |\n|---|---|\n| 1 | 1,000 |')
})

it('gives lines with other figures a table of their own', () => {
  const { document } = performancePage([
    line({ settings: { store: 'duckdb' }, figures: { lost: 0, outOfOrder: 0 } }),
    line({ settings: { store: 'influxdb' }, figures: { lost: 0, catchUpSeconds: 1, rssMb: 5 } }),
  ])
  expect(document).toContain('|  | duckdb |\n')
  expect(document).toContain('|  | influxdb |\n')
})

it('draws bars as long as their values and escapes what is written', () => {
  const svg = barChart({
    title: 'a < b & "c"',
    unit: 'ms',
    groups: [
      {
        label: 'one',
        bars: [
          { label: 'p50', value: 50 },
          { label: 'p99', value: 100 },
        ],
      },
    ],
  })
  const lengths = [...svg.matchAll(/<rect x="190" [^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]))
  expect(lengths[1]).toBe(2 * lengths[0]!)
  expect(svg).toContain('a &lt; b &amp; "c"'.replaceAll('"', '&quot;'))
})
