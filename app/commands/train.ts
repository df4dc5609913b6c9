import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import type { Entered } from '../train/enter.ts'
import { overallShare } from '../train/overallShare.ts'
import type { TrainResult } from '../train/train.ts'
import { type HistoryOptions, withHistoryOptions } from './historyOptions.ts'
import { print, wholeNumber } from './options.ts'

interface Options extends HistoryOptions {
  readonly config?: string
  readonly requireFailures?: boolean
  readonly seed: number
  readonly out?: string
  readonly actor: string
  readonly report?: string
  readonly json?: boolean
}

/** `forewarn train <asset type>`: forecaster and autoencoder with a fixed seed, written as verified artifacts. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description(
      'train the forecaster and the autoencoder of an asset type; same seed and data, same weights',
    )
    .argument(
      '<assetType>',
      'an asset type of the catalogue; pump alone simulates, turbofan alone needs --data',
    )
  return withHistoryOptions(command)
    .option('--require-failures', 'refuse data without a failure instead of training the detector alone')
    .option('--seed <n>', 'seed of everything random', wholeNumber, 1)
    .option('--out <folder>', 'write the artifacts there instead of registering them as a new version')
    .option('--report <file>', 'HTML report (default: report.html beside the artifacts)')
    .option('--actor <name>', 'who trains; kept in the history of the models', process.env.USER ?? 'somebody')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .addHelpText('after', help)
    .action(async (assetType: string, options: Options) => {
      const config = loadConfig(options.config)
      const { runTrain } = await import('../train/train.ts')
      const bar = new SingleBar({
        format: '  {bar} {percentage} % · {eta_formatted} left · {step}',
        stream: process.stderr,
        etaBuffer: 30,
      })
      bar.start(1000, 0, { step: 'reading the lives' })
      const overall = overallShare()
      const making = options.out ?? (await mkdtemp(join(tmpdir(), 'forewarn-train-')))
      try {
        const result = await runTrain(
          {
            ...options,
            config,
            catalogue: loadCatalogue(config.catalogue.folder),
            assetType,
            artifactsFolder: making,
            trainedAt: new Date(systemClock.now()).toISOString(),
          },
          (progress) =>
            bar.update(Math.round(1000 * overall(progress)), {
              step: `${progress.kind}, loss ${progress.loss.toPrecision(3)}`,
            }),
        ).finally(() => bar.stop())
        const entered = options.out === undefined ? await enter(config, result, options) : undefined
        print(options.json, { ...result, ...placesOf(result, entered) }, inWords(result, entered))
      } finally {
        if (options.out === undefined) await rm(making, { recursive: true, force: true })
      }
    })
}

async function enter(config: Config, { assetType, folder, data }: TrainResult, { actor }: Options) {
  const { openModelRegistry } = await import('../roles/models.ts')
  const { enterVersion } = await import('../train/enter.ts')
  const registry = openModelRegistry({ config, clock: systemClock })
  return enterVersion(registry, assetType, folder, { actor, reason: `trained on ${data.name}` })
}

/** The folder that it was trained in is gone once it is registered. */
function placesOf({ folder, report }: TrainResult, entered: Entered | undefined) {
  if (!entered) return { folder, report }
  const { role, version } = entered
  const kept = report.startsWith(folder) ? join(entered.folder, basename(report)) : report
  return { folder: entered.folder, report: kept, version: version.hash, role }
}

const help = `
A CSV file has a header: device, time (ISO 8601 with zone, or ms; for types that count in steps their usage channel
will do), and the catalogue's channels by name, such as "vibration [mm/s]"; a column rul (life left, empty where no failure
is in sight) may stand in for --events. Kinds of events: installed, failed, repaired, replaced, planned_stop. From the
store, the verdicts of tickets and the register's life events are the labels.

  forewarn train pump
  forewarn train turbofan --data train_FD001.txt --units 1-80
  forewarn train pump --from csv --data readings.csv --events events.csv
  forewarn train pump --from store --since 2025-01-01T00:00:00Z`

const roleWords: Readonly<Record<Entered['role'], string>> = {
  champion: 'It is in force; a running forewarn takes it over.',
  challenger:
    'It challenges the champion: it scores in the shadow until `forewarn models promote` finds that it forecasts better.',
  unchanged: 'The very same model was registered before.',
}

function inWords(result: TrainResult, entered: Entered | undefined): string {
  const { lives, data, metrics, seconds } = result
  const { folder, report } = placesOf(result, entered)
  const ends = Object.entries(data.ends).flatMap(([end, count]) => (count > 0 ? [`${count} ${end}`] : []))
  const lines = Object.entries(metrics).map(([name, value]) => `  ${name.padEnd(28)} ${value.toPrecision(4)}`)
  const left = Object.entries(data.leftOut).map(([why, rows]) => `  left out: ${rows} rows, ${why}`)
  return [
    `Trained on ${lives} lives (${ends.join(', ')}) of ${data.devices} devices, ${data.rows} rows, in ${seconds.toFixed(0)} s, kept in ${folder}`,
    ...data.notes.map((note) => `  ${note}`),
    ...left,
    ...lines,
    ...(entered ? [`Version ${entered.version.hash.slice(0, 12)}. ${roleWords[entered.role]}`] : []),
    `The report is ${report}`,
  ].join('\n')
}
