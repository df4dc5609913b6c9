import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Argument, Command } from 'commander'
import type { AssetType } from '../../core/catalogue.ts'
import { systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { EvaluateResult, SeedFigures } from '../evaluate/evaluate.ts'
import type { FleetParts, FleetResult } from '../evaluate/fleet/fleet.ts'
import { fleetFormats } from '../evaluate/fleet/formats.ts'
import type { OwnDataResult } from '../evaluate/ownData.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { defaultFolders, projectRoot } from '../paths.ts'
import { countFrom1, print, wholeNumber } from './options.ts'

interface Options {
  readonly config?: string
  readonly data?: string
  readonly type?: string
  readonly events?: string
  readonly train?: string
  readonly test?: string
  readonly rul?: string
  readonly units?: string
  readonly cuts?: number
  readonly seed: number
  readonly seeds?: number
  readonly devices?: number
  readonly days?: number
  readonly readings?: string
  readonly truth?: string
  readonly quick?: boolean
  readonly reportOnly?: boolean
  readonly out?: string
  readonly artifact?: string
  readonly variants: boolean
  readonly json?: boolean
}

type Report = (step: string, share: number) => void

/** `forewarn evaluate <set>`: on official files, as a study of held-out machines, or everything into the report. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('judge the models by the published protocols, beside their baselines')
    .addArgument(
      new Argument('<set>', 'the data set; all writes the model report').choices([
        'cmapss',
        'skab',
        'ims',
        'csv',
        'fleet',
        'all',
      ]),
    )
    .option(
      '--data <path>',
      'folder of the data sets (default: FOREWARN_DATA); csv: a file or a folder of them',
    )
    .option('--type <assetType>', 'csv, fleet from files: the asset type; its champion is judged')
    .option('--events <file>', 'csv: life ends, device,time,kind[,mode] (or a column rul in --data)')
    .option('--devices <n>', 'fleet: pumps a fleet (default: 100)', countFrom1)
    .option('--days <n>', 'fleet: simulated days (default: 90)', countFrom1)
    .option('--readings <path>', 'fleet: readings from files instead of the simulator, with --truth')
    .option('--truth <file>', 'fleet: what really happened to their devices; formats below')
    .option('--train <file>', 'training file, such as train_FD001.txt; without any file: the study')
    .option('--test <file>', 'test file, unchanged')
    .option('--rul <file>', 'its true remaining lives, unchanged')
    .option('--units <list>', 'with --cuts: these engines are tested, the others train')
    .option('--cuts <n>', 'cut each tested life at so many random cycles (csv: 20)', wholeNumber)
    .option('--seed <n>', 'with files: seed of training and cuts; fleet: the first seed', wholeNumber, 1)
    .option('--seeds <n>', 'how many seeds (default: 5, with files 1)', countFrom1)
    .option('--quick', 'a quick look: one seed, two of five folds')
    .option('--report-only', 'all: render the report from its JSON, measure nothing')
    .option('--out <folder>', 'all: where the report goes (default: docs)')
    .option(
      '--artifact <folder>',
      'with files: judge this trained forecaster instead of training one; fleet: this model',
    )
    .option('--no-variants', 'with files: leave out the models without age and under the strict protocol')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .addHelpText('after', fleetFormats)
    .action(async (set: string, options: Options) => {
      if (set === 'all') return all(options)
      if (set === 'csv') return ownData(options)
      if (set === 'fleet') return fleet(options)
      if (set !== 'cmapss') return detection(set, options)
      return options.train === undefined && options.test === undefined ? study(options) : files(options)
    })
}

async function files(options: Options): Promise<void> {
  const { runEvaluate } = await import('../evaluate/evaluate.ts')
  const catalogue = catalogueOf(options)
  const result = await withBar((report) => runEvaluate({ ...options, catalogue }, report))
  print(options.json, result, table(result))
}

async function study(options: Options): Promise<void> {
  const { studyCmapss } = await import('../evaluate/cmapss/study.ts')
  const { renderSet } = await import('../evaluate/report.ts')
  const folder = join(dataOf(options), 'cmapss')
  const result = await withBar((report) =>
    studyCmapss(folder, catalogueOf(options), { seeds: seedsOf(options), quick: isQuick(options) }, report),
  )
  print(options.json, result, renderSet(result))
}

/** `skab` and `ims`: a detector that each machine of the set teaches itself. */
async function detection(name: string, options: Options): Promise<void> {
  const { evaluationSets } = await import('../evaluate/sets.ts')
  const { renderSet } = await import('../evaluate/report.ts')
  const { run } = evaluationSets.find(({ folder }) => folder === name)!
  const chosen = { catalogue: catalogueOf(options), seeds: 1, quick: isQuick(options) }
  const result = await withBar((report) => run(join(dataOf(options), name), chosen, report))
  print(options.json, result, renderSet(result))
}

/** The model in force on lives that a user has recorded. */
async function ownData(options: Options): Promise<void> {
  const { data, events, artifact, cuts = 20, seed } = options
  const type = catalogueOf(options).get(options.type ?? '')
  if (!type || data === undefined)
    throw new ForewarnError('REQUEST_INVALID', {
      problem: 'judging on CSV needs --type with an asset type of the catalogue, and --data',
    })
  const { readSource } = await import('../train/sources.ts')
  const { judgeOwnData } = await import('../evaluate/ownData.ts')
  const { recipeFor } = await import('../../models/training/recipes.ts')
  const folder = artifact ?? (await championFolder(options, type.name))
  const { set } = await readSource(type, recipeFor(type), { from: 'csv', data, events, seed })
  const result = await judgeOwnData(type, set.name, set.lives, folder, { cuts, seed })
  print(options.json, result, ownDataText(result, type.usage.unit))
}

/** Simulated fleets that trained nothing, by the shipped model; or a recorded one, by the model in force. */
async function fleet(options: Options): Promise<void> {
  const { readings, truth } = options
  if ((readings === undefined) !== (truth === undefined))
    throw new ForewarnError('REQUEST_INVALID', {
      problem: 'a fleet from files needs both --readings and --truth',
    })
  const result = await (readings === undefined || truth === undefined
    ? unseenFleets(options)
    : recordedFleet(options, readings, truth))
  const { fleetText } = await import('../evaluate/fleet/fleetText.ts')
  print(options.json, result, fleetText(result))
}

async function unseenFleets(options: Options): Promise<FleetResult> {
  const { judgeUnseenFleets } = await import('../evaluate/fleet/fleet.ts')
  const { seed, devices = 100, days = 90 } = options
  const type = typeOf(options, 'pump')
  const seeds = Array.from({ length: seedsOf(options) }, (_, i) => seed + i)
  const modelFolder = options.artifact ?? join(defaultFolders.models, type.name)
  const parts = fleetParts(options, type, modelFolder)
  return withBar((report) => judgeUnseenFleets({ seeds, devices, days }, parts, report))
}

async function recordedFleet(options: Options, readings: string, truth: string): Promise<FleetResult> {
  const { judgeRecordedFleet } = await import('../evaluate/fleet/fleet.ts')
  const { readFleet } = await import('../evaluate/fleet/readFleet.ts')
  const type = typeOf(options, options.type ?? 'pump')
  const modelFolder = options.artifact ?? (await championFolder(options, type.name))
  const recorded = await readFleet(type, readings, truth)
  return withBar((report) => judgeRecordedFleet(recorded, fleetParts(options, type, modelFolder), report))
}

function fleetParts({ config }: Options, type: AssetType, modelFolder: string): FleetParts {
  const { policy, models } = loadConfig(config)
  return { type, modelFolder, policy, backend: models.backend, threads: availableParallelism() }
}

function typeOf(options: Options, name: string): AssetType {
  const catalogue = catalogueOf(options)
  const type = catalogue.get(name)
  if (type) return type
  const problem = `there is no asset type ${name}, only ${[...catalogue.keys()].join(', ')}`
  throw new ForewarnError('REQUEST_INVALID', { problem })
}

/** Folder of the model in force. Throws ARTIFACT_MISSING where there is none. */
async function championFolder({ config }: Options, assetType: string): Promise<string> {
  const { openModelRegistry } = await import('../roles/models.ts')
  const registry = openModelRegistry({ config: loadConfig(config), clock: systemClock })
  const { champion } = await registry.inForce(assetType)
  if (champion === null) throw new ForewarnError('ARTIFACT_MISSING', { kind: 'model', assetType })
  return registry.folderOf(assetType, champion)
}

function ownDataText(result: OwnDataResult, unit: string): string {
  const { source, failures, predictions, coverage90, width90, rmseCapped, score, baselines } = result
  const row = (name: string, one: Pick<OwnDataResult, 'rmseCapped' | 'score'>) =>
    `  ${name.padEnd(24)} ${one.rmseCapped.toFixed(2).padStart(10)} ${one.score.toFixed(0).padStart(10)}`
  return [
    `${source}: ${predictions} predictions for ${failures} lives that failed; they must not be those that trained the model`,
    `90 % intervals cover ${(100 * coverage90).toFixed(1)} %, mean width ${width90.toFixed(1)} ${unit}`,
    `  ${''.padEnd(24)} ${`RMSE, ${unit}`.padStart(10)} ${'Score'.padStart(10)}`,
    row('forecaster', { rmseCapped, score }),
    ...Object.entries(baselines).map(([name, figures]) => row(name, figures)),
  ].join('\n')
}

async function all(options: Options): Promise<void> {
  const { evaluateAll, renderFrom, reportFiles, writeReport } = await import('../evaluate/all.ts')
  const folder = options.out ?? join(projectRoot, 'docs')
  if (options.reportOnly) await renderFrom(folder)
  else
    await writeReport(
      folder,
      await withBar((report) =>
        evaluateAll(
          {
            catalogue: catalogueOf(options),
            data: dataOf(options),
            seeds: seedsOf(options),
            quick: isQuick(options),
            measuredAt: new Date(systemClock.now()).toISOString(),
          },
          report,
        ),
      ),
    )
  const { markdown } = reportFiles(folder)
  print(options.json, { report: markdown }, `Wrote ${markdown}`)
}

const isQuick = ({ quick }: Options) => quick === true
const seedsOf = ({ seeds, quick }: Options) => seeds ?? (quick ? 1 : 5)
const catalogueOf = ({ config }: Options) => loadCatalogue(loadConfig(config).catalogue.folder)

function dataOf({ data }: Options): string {
  const folder = data ?? process.env.FOREWARN_DATA
  if (folder) return folder
  throw new ForewarnError('REQUEST_INVALID', { problem: 'where is the data? Give --data or FOREWARN_DATA' })
}

async function withBar<T>(work: (report: Report) => Promise<T>): Promise<T> {
  const bar = new SingleBar({ format: '  {bar} {percentage} % · {step}', stream: process.stderr })
  bar.start(100, 0, { step: 'reading the files' })
  return work((step, share) => bar.update(Math.round(100 * share), { step })).finally(() => bar.stop())
}

/** The figures side by side, ours first. */
function table({ variants, baselines, coverage90, predictions, trainedOn }: EvaluateResult): string {
  const row = (
    name: string,
    { rmseCapped, rmseRaw, score }: Pick<SeedFigures, 'rmseCapped' | 'rmseRaw' | 'score'>,
  ) =>
    `  ${name.padEnd(34)} ${rmseCapped.toFixed(2).padStart(8)} ${rmseRaw.toFixed(2).padStart(8)} ${score.toFixed(0).padStart(8)}`
  const rows = Object.entries(variants).flatMap(([name, figures]) => {
    const { seeds, ensemble } = figures
    return seeds.length === 1
      ? [row(name, figures)]
      : [row(`${name}, mean of ${seeds.length} seeds`, figures), row(`${name}, ensemble`, ensemble)]
  })
  const beside = Object.entries(baselines).map(([name, figures]) => row(name, figures))
  const head = `${predictions} predictions, trained on ${trainedOn} engines; 90 % intervals cover ${(100 * coverage90).toFixed(1)} %\n`
  return `${head}  ${''.padEnd(34)} ${'RMSE'.padStart(8)} ${'raw'.padStart(8)} ${'Score'.padStart(8)}\n${[...rows, ...beside].join('\n')}`
}
