import { valueWords } from './words.ts'

export interface Bar {
  readonly label: string
  readonly value: number
}
export interface BarGroup {
  readonly label: string
  readonly bars: readonly Bar[]
}
export interface BarChart {
  readonly title: string
  /** Of the values, as it reads after a number. */
  readonly unit: string
  readonly groups: readonly BarGroup[]
  /** A value to reach or to stay below, drawn as a line. */
  readonly aim?: Bar
}

const width = 760
const left = 190
const right = 150
const bar = 20
const gap = 14
const top = 76
// Okabe and Ito's colours, told apart with any colour vision.
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7']

/** Horizontal bars from zero, in groups; the same bars have the same colour in every group. */
export function barChart({ title, unit, groups, aim }: BarChart): string {
  const labels = [...new Set(groups.flatMap(({ bars }) => bars.map(({ label }) => label)))]
  const largest = Math.max(aim?.value ?? 0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const x = (value: number) => left + ((width - left - right) * value) / (largest || 1)
  let y = top
  const drawn = groups.map(({ label, bars }) => {
    const middle = y + (bars.length * bar) / 2
    const parts = bars.map((one, i) =>
      drawBar(one, y + i * bar, x, unit, colours[labels.indexOf(one.label)]!),
    )
    y += bars.length * bar + gap
    return [text(left - 10, middle + 4, label, 'end'), ...parts].join('\n')
  })
  const height = y + 8
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="15" font-weight="600">${escaped(title)}</text>`,
    ...legend(labels),
    ...(aim ? [aimLine(aim, x(aim.value), height, unit)] : []),
    ...drawn,
    '</svg>',
  ].join('\n')}\n`
}

function drawBar({ value }: Bar, y: number, x: (value: number) => number, unit: string, colour: string) {
  const end = x(value)
  return [
    `<rect x="${left}" y="${y}" width="${round(Math.max(1, end - left))}" height="${bar - 3}" fill="${colour}"/>`,
    text(end + 6, y + 13, `${valueWords(value)} ${unit}`),
  ].join('\n')
}

/** The names of the colours in a row. */
function legend(labels: readonly string[]): string[] {
  let x = 16
  return labels.map((label, i) => {
    const at = x
    x += 30 + label.length * 7
    return `<rect x="${at}" y="40" width="12" height="12" fill="${colours[i]}"/>\n${text(at + 18, 51, label)}`
  })
}

const aimLine = ({ label, value }: Bar, x: number, height: number, unit: string): string =>
  [
    `<line x1="${round(x)}" x2="${round(x)}" y1="${top - 8}" y2="${height - 8}" stroke="#b00020" stroke-dasharray="4 3"/>`,
    `<text x="${round(x)}" y="${top - 12}" text-anchor="middle" fill="#b00020">${escaped(`${label} ${valueWords(value)} ${unit}`)}</text>`,
  ].join('\n')

const text = (x: number, y: number, content: string, anchor = 'start'): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${halo}>${escaped(content)}</text>`

/** Keeps letters readable where the aim's line passes behind them. */
const halo = 'stroke="#fff" stroke-width="3" paint-order="stroke"'

const round = (n: number): number => Math.round(n * 10) / 10

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
