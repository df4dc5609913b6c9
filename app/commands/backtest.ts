import { Command, Option } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ModelRegistry } from '../../core/ports.ts'
import { percentile } from '../../models/evaluation/alarms.ts'
import type { BacktestResult } from '../backtest/backtest.ts'
import type { PlannerKind } from '../backtest/planner.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { type HistoryOptions, withHistoryOptions } from './historyOptions.ts'
import { countFrom1, positiveNumber, print, wholeNumber } from './options.ts'
import { withBar } from './progressBar.ts'

interface Options extends HistoryOptions {
  readonly config?: string
  readonly seed: number
  readonly model?: string
  readonly raiseAt?: number
  readonly clearBelow?: number
  readonly k?: number
  readonly n?: number
  readonly planner?: PlannerKind
  readonly report?: string
  readonly json?: boolean
}

/** `forewarn backtest <asset type>`: which tickets a model and a policy would have opened, and what they would have been worth. */
export function backtestCommand(): Command {
  const command = new Command('backtest')
    .description(
      'replay a history through the model and the policy: which tickets, when, right or wrong, at what cost',
    )
    .argument('<assetType>', 'an asset type of the catalogue')
  return withHistoryOptions(command)
    .option('--seed <n>', 'seed of the simulator', wholeNumber, 1)
    .option('--model <version>', 'the first characters of its hash (default: the champion)')
    .option('--raise-at <p>', 'try this policy.raiseAt', positiveNumber)
    .option('--clear-below <p>', 'try this policy.clearBelow', positiveNumber)
    .option('--k <n>', 'try this policy.k', countFrom1)
    .option('--n <n>', 'try this policy.n', countFrom1)
    .addOption(
      new Option(
        '--planner <who>',
        'who finishes the tickets: recorded, as it was really done; assumed, at a failure, a repair or when the alarm clears',
      ).choices(['recorded', 'assumed']),
    )
    .option('--report <file>', 'write the result as an HTML page, too')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .action(async (assetType: string, options: Options) => {
      const config = loadConfig(options.config)
      const type = loadCatalogue(config.catalogue.folder).get(assetType)
      if (!type) throw invalid(`there is no asset type ${assetType}`)
      const { readRecording } = await import('../backtest/sources.ts')
      const { runBacktest } = await import('../backtest/backtest.ts')
      const { openModelRegistry } = await import('../roles/models.ts')
      const registry = openModelRegistry({ config, clock: systemClock })
      const modelFolder = await folderOf(registry, assetType, options.model)
      const recording = await readRecording(type, { ...options, config })
      const finished = recording.histories.some(({ tickets }) =>
        tickets.some(({ state }) => state !== 'open'),
      )
      const result = await withBar(options.json, (progress) =>
        runBacktest(
          {
            type,
            source: recording.name,
            histories: recording.histories,
            maintenance: recording.maintenance,
            modelFolder,
            policy: { ...config.policy, ...tried(options) },
            planner: options.planner ?? (finished ? 'recorded' : 'assumed'),
            backend: config.models.backend,
          },
          (done, total) => progress('devices', done, total),
        ),
      )
      // What took so long is told before anything else can fail.
      print(options.json, result, textOf(result))
      if (options.report === undefined) return
      const { writeBacktestReport } = await import('../backtest/report.ts')
      await writeBacktestReport(options.report, result, type)
      if (!options.json) process.stdout.write(`\nReport: ${options.report}\n`)
    })
}

const invalid = (problem: string) => new ForewarnError('REQUEST_INVALID', { problem })

async function folderOf(
  registry: ModelRegistry,
  assetType: string,
  start: string | undefined,
): Promise<string> {
  const { champion } = await registry.inForce(assetType)
  const versions = await registry.versions(assetType)
  const found = start === undefined ? [] : versions.filter(({ hash }) => hash.startsWith(start))
  if (start !== undefined && found.length !== 1)
    throw new ForewarnError('MODEL_UNKNOWN', { model: start, assetType })
  const hash = found[0]?.hash ?? champion
  if (hash === null) throw new ForewarnError('ARTIFACT_MISSING', { kind: 'model', assetType })
  return registry.folderOf(assetType, hash)
}

/** What was given of the policy. */
const tried = ({ raiseAt, clearBelow, k, n }: Options) =>
  Object.fromEntries(Object.entries({ raiseAt, clearBelow, k, n }).filter(([, value]) => value !== undefined))

function textOf(result: BacktestResult): string {
  const { figures: f, costs, usageUnit: unit, tickets } = result
  const percent = (share: number | null) => (share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`)
  const leads = result.failures.flatMap(({ leadUsage }) => leadUsage ?? []).sort((a, b) => a - b)
  const median = leads.length > 0 ? percentile(leads, 0.5) : undefined
  const of = (outcome: BacktestResult['tickets'][number]['outcome']) =>
    tickets.filter((ticket) => ticket.outcome === outcome).length
  const days = (result.until - result.from) / 86_400_000
  return [
    `${result.source}: ${result.devices} devices, ${result.readings} readings over ${days.toFixed(0)} days, ${result.windows} windows in ${result.seconds.toFixed(1)} s`,
    `Model ${result.model.slice(0, 12)}, policy ${JSON.stringify(result.policy)}, planner ${result.planner}`,
    '',
    `${f.tickets} tickets would have been opened: ${of('found')} found, ${of('late')} late, ${of('early')} early, ${of('false')} false, ${of('undecided')} undecided`,
    `${f.failures} failures: ${f.found} told in time, ${f.toldEarly} before the horizon, ${f.late} too late, ${f.missed} missed${median === undefined ? '' : `; median lead ${median.toFixed(1)} ${unit}`}`,
    `precision ${percent(f.precision)}, recall at the required lead ${percent(f.recall)}`,
    '',
    ...tickets.slice(0, 20).map(ticketLine(unit)),
    ...(tickets.length > 20 ? [`  ... and ${tickets.length - 20} more (--json, or --report FILE)`] : []),
    '',
    'Cost per day that a machine ran:',
    ...costs.map(
      ({ name, perDay, total }) =>
        `  ${name.padEnd(18)} ${perDay.toFixed(2).padStart(12)}  (${total.toFixed(0)} in all)`,
    ),
  ].join('\n')
}

const ticketLine =
  (unit: string) =>
  ({ device, mode, openedAt, outcome, leadUsage }: BacktestResult['tickets'][number]): string =>
    `  ${new Date(openedAt).toISOString().slice(0, 16)}  ${device.padEnd(20)} ${mode.padEnd(20)} ${outcome.padEnd(9)} ${leadUsage === null ? '' : `${leadUsage.toFixed(1)} ${unit} before the failure`}`
