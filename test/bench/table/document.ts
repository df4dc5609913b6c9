import type { Line, Machine } from '../lib/benchCase.ts'
import { figureCell, missedRow, verdicts } from './aims.ts'
import { chartOf } from './charts.ts'
import { byCase, newestLines } from './lines.ts'
import { methodOf } from './methods.ts'
import {
  differingSettings,
  figureWords,
  settingName,
  settingsWords,
  settingWords,
  tellingSettings,
  valueWords,
} from './words.ts'

/** More measurements than these stand below each other instead of side by side. */
const sideBySide = 6

export interface Performance {
  /** docs/performance.md. */
  readonly document: string
  /** Beside it, by file name. */
  readonly images: ReadonlyMap<string, string>
}

/** The page about all that was measured. */
export function performancePage(all: readonly Line[]): Performance {
  const cases = byCase(newestLines(all))
  const images = new Map<string, string>()
  const sections = [...cases].map(([name, lines]) => {
    const chart = chartOf(name, lines)
    const file = `performance-${name}.svg`
    if (chart) images.set(file, chart)
    return section(name, lines, chart ? file : undefined)
  })
  const lines = [...cases.values()].flat()
  const document = [heading, where(lines), missed(cases), ...sections].filter((part) => part !== '')
  return { document: `${document.join('\n\n')}\n`, images }
}

const heading = `# Performance

Written by \`npm run bench:table\` from \`performance.jsonl\`, which \`npm run bench -- --out docs/performance.jsonl\` appends to; the newest line of a case
and its settings counts. Nothing here is an assertion of a test: these are figures of one machine, with everything, publisher included, on it.`

function where(lines: readonly Line[]): string {
  const machines = new Map(lines.map((line) => [machineWords(line.machine), line]))
  const versions = lines.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.versions ?? {}
  return [
    ...[...machines.keys()].map((machine) => `- Machine: ${machine}`),
    `- Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n')
}

const machineWords = ({ cpu, cores, memoryGb, system }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}`

/** What does not reach its aim stands first. */
function missed(cases: ReadonlyMap<string, readonly Line[]>): string {
  const rows = [...cases].flatMap(([name, lines]) => missedOf(name, lines))
  const total = [...cases.values()].flat().reduce((sum, { aims = [] }) => sum + aims.length, 0)
  const words = `## Aims\n\n${total - rows.length} of ${total} aims are reached.`
  if (rows.length === 0) return words
  const head = ['where', 'figure', 'aim', 'measured', 'missed', 'limited by']
  return `${words} These are not:\n\n${table(head, rows)}`
}

function missedOf(name: string, lines: readonly Line[]): string[][] {
  const telling = tellingSettings(lines)
  return lines.flatMap((line) => {
    const where = [name, settingsWords(line.settings, telling)].filter(Boolean).join(', ')
    return verdicts(line)
      .filter(({ reached }) => !reached)
      .map((verdict) => missedRow(where, line, verdict))
  })
}

function section(name: string, lines: readonly Line[], image: string | undefined): string {
  const telling = tellingSettings(lines)
  const differing = differingSettings(lines)
  const common = Object.entries(lines[0]!.settings).filter(([key]) => !differing.includes(key))
  const same = common.map(([key, value]) => settingWords(key, value)).join(', ')
  return [
    `## ${name}`,
    [methodOf(name), `Measured ${daysOf(lines)}${same ? `: ${same}` : ''}.`].filter(Boolean).join('\n'),
    ...(image ? [`![${name}](images/${image})`] : []),
    ...alike(lines).map((same) => (same.length > sideBySide ? below(same) : beside(same, telling))),
  ].join('\n\n')
}

/** Lines that have most of their figures in common share a table. */
function alike(lines: readonly Line[]): Line[][] {
  const tables: Line[][] = []
  for (const line of lines) {
    const fitting = tables.find(([first]) => commonShare(first!, line) >= 0.6)
    if (fitting) fitting.push(line)
    else tables.push([line])
  }
  return tables
}

/** Jaccard's index of the names of the figures. */
function commonShare(a: Line, b: Line): number {
  const [of, others] = [Object.keys(a.figures), Object.keys(b.figures)]
  return of.filter((name) => others.includes(name)).length / (new Set([...of, ...others]).size || 1)
}

const daysOf = (lines: readonly Line[]): string => {
  const days = [...new Set(lines.map(({ at }) => at.slice(0, 10)))].sort()
  return days.length === 1 ? days[0]! : `${days[0]} to ${days.at(-1)}`
}

const figureNames = (lines: readonly Line[]): string[] => [
  ...new Set(lines.flatMap(({ figures }) => Object.keys(figures))),
]

/** A column a measurement. */
function beside(lines: readonly Line[], telling: readonly string[]): string {
  const others = differingSettings(lines).filter((name) => !telling.includes(name))
  return table(
    ['', ...lines.map(({ settings }) => settingsWords(settings, telling))],
    [
      ...others.map((name) => [
        settingName(name),
        ...lines.map(({ settings }) => valueWords(settings[name])),
      ]),
      ...figureNames(lines).map((name) => [
        figureWords(name),
        ...lines.map((line) => figureCell(line, name)),
      ]),
    ],
  )
}

/** A row a measurement. */
function below(lines: readonly Line[]): string {
  const differing = differingSettings(lines)
  const names = figureNames(lines)
  return table(
    [...differing.map(settingName), ...names.map(figureWords)],
    lines.map((line) => [
      ...differing.map((name) => valueWords(line.settings[name])),
      ...names.map((name) => figureCell(line, name)),
    ]),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n')
}
