import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figureOf } from './chart.ts'
import { barChart, binned, histogram } from './charts/barChart.ts'
import { calibrationChart } from './charts/calibrationChart.ts'
import { fanChart } from './charts/fanChart.ts'
import { lineChart } from './charts/lineChart.ts'
import { scatterChart } from './charts/scatterChart.ts'
import { renderReport } from './renderReport.ts'

const about = { caption: 'Caption', description: 'What it shows' }
const axes = { x: { name: 'age' }, y: { name: 'life' } }
const paths = (svg: string) => svg.match(/<path/g)?.length ?? 0

describe('a chart', () => {
  const line = lineChart({
    ...about,
    ...axes,
    lines: [
      {
        name: 'a',
        points: [
          [0, 1],
          [1, 3],
        ],
      },
    ],
  })

  it('is drawn once for wide screens and once for phones', () => {
    const html = figureOf(line)
    expect(html.match(/<svg /g)).toHaveLength(2)
    expect(html).toContain('viewBox="0 0 830 320" role="img" aria-label="What it shows"')
    expect(html).toContain('viewBox="0 0 350 270"')
    expect(figureOf({ ...line, small: true }).match(/<svg /g)).toHaveLength(1)
  })

  it('names its axes, and its lines where there are several', () => {
    const two = [
      { name: 'first', points: [[0, 1]] as const },
      { name: 'second', points: [[0, 2]] as const },
    ]
    const html = figureOf(lineChart({ ...about, ...axes, lines: two }))
    for (const word of ['age', 'life', 'first', 'second', 'Caption']) expect(html).toContain(`>${word}<`)
    expect(figureOf(line)).not.toContain('>a<')
  })

  it('takes its colours from the page, so that they follow its scheme', () => {
    const fan = fanChart({
      ...about,
      ...axes,
      at: [0, 1, 2],
      bands: [{ name: '90 %', low: [1, 1, 1], high: [3, 3, 3], color: 'var(--outer)' }],
      median: [2, 2, 2],
      medianName: 'median',
      truth: [2, 2, 1],
      truthName: 'true',
    })
    expect(figureOf(fan)).toMatch(/fill="var\(--outer\)"/)
    expect(figureOf(fan)).toMatch(/stroke="var\(--main\)"/)
    expect(figureOf(fan)).not.toContain('90 % from')
  })

  it('shows no more points than can be told apart', () => {
    const points = (count: number) => Array.from({ length: count }, (_, i) => [i, i % 7] as const)
    const few = paths(figureOf(scatterChart({ ...about, ...axes, small: true, points: points(50) })))
    const many = paths(figureOf(scatterChart({ ...about, ...axes, small: true, points: points(50_000) })))
    expect(many - few).toBe(600 - 50)
  })

  it('draws bars, lying ones with their names, histograms and calibration', () => {
    const bars = barChart({
      ...about,
      lying: true,
      categories: ['Vibration velocity', 'Flow'],
      category: { name: '' },
      value: { name: 'share', percent: true },
      bars: [{ name: 'share', values: [0.7, 0.3] }],
    })
    expect(figureOf(bars)).toContain('>Vibration velocity<')
    expect(figureOf(histogram({ ...about, values: [1, 2, 2, 3], x: axes.x, bins: 2 }))).toContain('>count<')
    const calibration = { ...about, said: 'said', seen: 'seen', points: [[0.1, 0.2]] as const }
    expect(figureOf(calibrationChart(calibration))).toContain('>100 %<')
  })

  it('stacks the parts of a bar, and colours bars by category', () => {
    const bars = {
      ...about,
      small: true,
      categories: ['good', 'bad'],
      category: { name: '' },
      value: { name: 'count', whole: true },
    }
    const parts = [
      { name: 'a', values: [1, 1] },
      { name: 'b', values: [1, 1] },
    ]
    const highest = (svg: string) =>
      Math.max(...[...svg.matchAll(/>(\d+)</g)].map(([, label]) => Number(label)))
    expect(highest(figureOf(barChart({ ...bars, bars: parts, stacked: true })))).toBe(2)
    expect(highest(figureOf(barChart({ ...bars, bars: parts })))).toBe(1)
    const colors = ['var(--s4)', 'var(--s5)']
    const svg = figureOf(barChart({ ...bars, bars: [{ name: 'a', values: [1, 2], colors }] }))
    for (const color of colors) expect(svg).toContain(`fill="${color}"`)
  })

  it('loses no value into the bins of a histogram', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (drawn, bins) => {
        const { counts, edges } = binned(drawn, bins)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(drawn.length)
        expect(edges[0]).toBe(Math.min(...drawn))
      }),
    )
  })
})

describe('a report', () => {
  const evil = '<script>alert("x")</script> & \'so\''
  const html = renderReport({
    title: evil,
    subtitle: evil,
    facts: [{ name: evil, value: evil, note: evil }],
    sections: [
      {
        heading: evil,
        text: [evil],
        table: {
          columns: [{ name: evil }, { name: 'n', number: true }],
          rows: [
            [evil, 3],
            [{ text: evil, color: evil }, 4],
          ],
        },
      },
      {
        heading: 'charts',
        charts: [
          lineChart({
            ...about,
            ...axes,
            caption: evil,
            description: evil,
            lines: [
              { name: evil, points: [[0, 1]] },
              { name: 'b', points: [] },
            ],
          }),
        ],
      },
    ],
    footer: evil,
  })

  it('shows text as text, whatever is in it', () => {
    expect(html).not.toContain('<script')
    expect(html.match(/&#60;script&#62;alert/g)!.length).toBeGreaterThan(8)
  })

  it('marks a cell in its colour', () => {
    const table = { columns: [{ name: 'how' }], rows: [[{ text: 'late', color: 'var(--s2)' }]] }
    const page = renderReport({
      title: '',
      subtitle: '',
      facts: [],
      sections: [{ heading: '', table }],
      footer: '',
    })
    expect(page).toContain('<td><span class="mark" style="--mark:var(--s2)">late</span></td>')
  })

  it('needs nothing from anywhere', () => {
    expect(html).not.toMatch(/(src|href|@import|url\((?!#))/)
    expect(html.match(/https?:\/\/[^"]*/g)!.every((url) => url.startsWith('http://www.w3.org/'))).toBe(true)
  })

  it('has a scheme for the dark and one for print', () => {
    expect(html).toContain('@media (prefers-color-scheme:dark)')
    expect(html).toContain('@media print')
  })
})
