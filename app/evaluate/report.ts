import { type Aim, isMet } from '../../models/evaluation/aims.ts'
import { spread } from './cmapss/studyTables.ts'
import { type SetResult, type Table, tablesOf } from './tables.ts'

/** `docs/model-report.json`: all that was measured, and on what. */
export interface ModelReport {
  /** ISO 8601. */
  readonly measuredAt: string
  readonly seeds: number
  /** A quick look is no measurement to quote. */
  readonly quick: boolean
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly node: string
    readonly tfjs: string
    readonly backend: string
    readonly simd: boolean
  }
  readonly sets: readonly (SetResult & { readonly name: string; readonly seconds: number })[]
  /** Sets without data, by name. */
  readonly skipped: readonly string[]
}

/** The report as Markdown, from its JSON alone. */
export function renderReport(report: ModelReport): string {
  const { machine } = report
  const aims = report.sets.flatMap((set) => set.aims)
  const aimed = aims.filter(hasAim)
  const met = aimed.filter(isMet).length
  const head = [
    '# Model report',
    '',
    'Written by `npm run evaluate` from `model-report.json`, which holds every figure of every seed. Nothing here was measured on an official test part, and nothing was chosen by one; how the choices were made stands in [decisions](decisions/README.md).',
    '',
    `- Measured ${report.measuredAt.slice(0, 10)}, ${count(report.seeds, 'seed')}${report.quick ? '; a quick look: fewer folds, not to be quoted' : ''}`,
    `- ${machine.cpu}, ${count(machine.cores, 'core')}; Node.js ${machine.node}, TensorFlow.js ${machine.tfjs}, backend ${machine.backend}${machine.simd ? ' with SIMD' : ''}`,
    ...report.sets.map((set) => `- ${set.name}: ${(set.seconds / 60).toFixed(1)} minutes`),
    ...report.skipped.map((name) => `- ${name}: skipped, its data is not there`),
    '',
    '## Aims',
    '',
    `${met} of ${aimed.length} aims are met. A figure is the mean over seeds [lowest, highest].`,
    '',
  ]
  const tables = report.sets.flatMap((set) => tablesOf(set.details).flatMap(renderTable))
  return [...head, ...aimTable(aims), '', ...tables].join('\n')
}

/** One set's aims and tables, for the terminal. */
export const renderSet = ({ aims, details }: SetResult): string =>
  [...aimTable(aims), '', ...tablesOf(details).flatMap(renderTable)].join('\n')

const aimTable = (aims: readonly Aim[]) => markdown(aimHead, aims.map(aimRow))

const aimHead = ['set', 'figure', 'aim', 'measured', 'baseline', 'met', 'note']

function aimRow(aim: Aim): string[] {
  const digits = digitsFor(aim)
  return [
    aim.set,
    aim.figure,
    bounds(aim.aim),
    spread(aim.values, digits),
    aim.baseline ? `${aim.baseline.value.toFixed(digits)} (${aim.baseline.name})` : '',
    hasAim(aim) ? (isMet(aim) ? 'yes' : '**no**') : '',
    aim.note ?? '',
  ]
}

/** Figures that belong beside the aims, though nothing was aimed at, have none. */
const hasAim = ({ aim: [low, high] }: Aim): boolean => low !== null || high !== null

/** About three digits that say something. */
function digitsFor({ values }: Aim): number {
  const largest = Math.max(...values.map(Math.abs))
  if (!(largest > 0)) return 0
  return Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(largest))))
}

function bounds([low, high]: Aim['aim']): string {
  if (low === null && high === null) return ''
  if (low !== null && high !== null) return `${low} to ${high}`
  return low === null ? `at most ${high}` : `at least ${low}`
}

const renderTable = ({ title, note, head, rows }: Table): string[] => [
  `## ${title}`,
  '',
  ...(note === undefined ? [] : [note, '']),
  ...markdown(
    head,
    rows.map((row) => row.map(String)),
  ),
  '',
]

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`)

const escapeCell = (text: string) => text.replaceAll('|', '\\|')

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
