import { Command } from 'commander'
import type {
  BudgetPreview,
  PolicyAnswer,
  SettingChange,
  TypePolicy,
} from '../../alerts/http/schemas/policy.ts'
import { type ApiCommandOptions, apiOf, asksApi, type ChangeOptions, changesApi } from './apiOptions.ts'
import { positiveNumber, print } from './options.ts'

/** `forewarn budget`: tickets a week instead of a probability. */
export function budgetCommand(): Command {
  return new Command('budget')
    .description('how many tickets a week planners can work on: show, preview, set')
    .addCommand(
      asksApi(new Command('show').description('thresholds and budgets in force, and who set them')).action(
        show,
      ),
    )
    .addCommand(
      asksApi(
        new Command('preview').description(
          'what each threshold would have raised, missed and falsely raised lately, and which one a budget leads to',
        ),
      )
        .argument('<assetType>')
        .option('--per-week <tickets>', 'a budget (default: the one that is set)', positiveNumber)
        .action(preview),
    )
    .addCommand(
      changesApi(new Command('set').description('set a budget, or the threshold by hand'))
        .argument('<assetType>')
        .option('--per-week <tickets>', 'the threshold follows, now and once a day', positiveNumber)
        .option('--raise-at <p>', 'the threshold by hand; ends a budget', positiveNumber)
        .option('--default', 'as the configuration says; ends a budget')
        .action(set),
    )
}

async function show(options: ApiCommandOptions): Promise<void> {
  const { types, history } = await (await apiOf(options)).get<PolicyAnswer>('/api/policy')
  const changes = history.filter(({ after }) => after.kind === 'threshold')
  const text = [...types.map(typeLine), '', ...changes.map(changeLine)].join('\n').trim()
  print(options.json, { types: types.map(({ automation: _, ...type }) => type), history: changes }, text)
}

const typeLine = ({ assetType, raiseAt, clearBelow, k, n, perWeek, change }: TypePolicy): string => {
  const from =
    perWeek !== null
      ? `budget of ${perWeek} a week`
      : change?.after.kind === 'threshold' && change.after.raiseAt !== null
        ? 'set by hand'
        : 'configuration'
  return `${assetType.padEnd(16)} raises at ${raiseAt}, clears below ${clearBelow}, ${k} of ${n} windows (${from})`
}

const changeLine = ({ id, at, actor, reason, after }: SettingChange): string => {
  const value = after.kind === 'threshold' ? (after.raiseAt ?? 'default') : after.level
  return `${String(id).padStart(4)}  ${new Date(at).toISOString().slice(0, 16)}  ${after.assetType} ${value} by ${actor}: ${reason}`
}

async function preview(assetType: string, options: ApiCommandOptions & { perWeek?: number }): Promise<void> {
  const query = options.perWeek === undefined ? '' : `?perWeek=${options.perWeek}`
  const api = await apiOf(options)
  const answer = await api.get<BudgetPreview>(
    `/api/policy/budget/${encodeURIComponent(assetType)}/preview${query}`,
  )
  print(options.json, answer, previewText(answer))
}

function previewText({
  present,
  chosen,
  reason,
  rows,
  devices,
  scores,
  days,
  seconds,
}: BudgetPreview): string {
  const head = [
    'raise at',
    'tickets',
    'a week',
    'right',
    'early',
    'false',
    'unknown',
    'found',
    'late',
    'missed',
  ]
  const lines = rows.map((row) => {
    const {
      raiseAt,
      raised,
      perWeek,
      right,
      early,
      false: wrong,
      undecided,
      found,
      late,
      toldEarly,
      missed,
    } = row
    const mark = [...(raiseAt === chosen ? ['< the budget'] : []), ...(raiseAt === present ? ['< now'] : [])]
    const numbers = [
      raiseAt,
      raised,
      perWeek.toFixed(1),
      right,
      early,
      wrong,
      undecided,
      found,
      late + toldEarly,
      missed,
    ]
    return `${numbers.map((value, i) => String(value).padStart(head[i]!.length)).join('  ')}  ${mark.join(' ')}`.trimEnd()
  })
  return [
    `${scores} scores of ${devices} devices over ${days.toFixed(1)} days, replayed in ${seconds.toFixed(1)} s`,
    head.join('  '),
    ...lines,
    reason,
  ].join('\n')
}

interface Wish extends ChangeOptions {
  readonly perWeek?: number
  readonly raiseAt?: number
  readonly default?: boolean
}

async function set(assetType: string, options: Wish): Promise<void> {
  const { perWeek, raiseAt = null, actor, reason } = options
  const given = [perWeek !== undefined, raiseAt !== null, options.default === true].filter(Boolean).length
  if (given !== 1) {
    const { ForewarnError } = await import('../../core/errors.ts')
    throw new ForewarnError('REQUEST_INVALID', {
      problem: 'give one of --per-week, --raise-at and --default',
    })
  }
  const api = await apiOf(options)
  const type = encodeURIComponent(assetType)
  const made =
    perWeek !== undefined
      ? await api.put<SettingChange>(`/api/policy/budget/${type}`, { perWeek, actor, reason })
      : await api.put<SettingChange>(`/api/policy/threshold/${type}`, { raiseAt, actor, reason })
  print(options.json, made, changeLine(made))
}
