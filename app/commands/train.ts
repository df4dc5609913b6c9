import { SingleBar } from 'cli-progress'
import { Command, InvalidArgumentError, Option } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { parseTime } from '../../ingest/codec/time.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { defaultFolders } from '../paths.ts'
import { type SourceName, sourceNames } from '../train/sourceNames.ts'
import type { TrainResult } from '../train/train.ts'
import { print, wholeNumber } from './options.ts'

interface Options {
  readonly config?: string
  readonly from?: SourceName
  readonly data?: string
  readonly events?: string
  readonly units?: string
  readonly since?: number
  readonly until?: number
  readonly seed: number
  readonly out?: string
  readonly report?: string
  readonly json?: boolean
}

/** `forewarn train <asset type>`: forecaster and autoencoder with a fixed seed, written as verified artifacts. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'train the forecaster and the autoencoder of an asset type; same seed and data, same weights',
    )
    .argument(
      '<assetType>',
      'an asset type of the catalogue; pump alone simulates, turbofan alone needs --data',
    )
    .addOption(
      new Option('--from <source>', 'store: a stopped forewarn; csv; cmapss; simulator').choices(sourceNames),
    )
    .option('--data <path>', 'CSV file or folder of them, or a C-MAPSS file')
    .option('--events <file>', 'CSV of life ends: device,time,kind[,mode] (or a column rul in --data)')
    .option('--since <time>', 'with --from store: readings from this time on, ISO 8601 with zone', moment)
    .option('--until <time>', 'with --from store: readings before this time', moment)
    .option('--units <list>', 'engines of a C-MAPSS file that train, such as 1-80 (default: all)')
    .option('--seed <n>', 'seed of everything random', wholeNumber, 1)
    .option('--out <folder>', 'where the artifacts go (default: models.folder of the config)')
    .option('--report <file>', 'HTML report (default: report.html beside the artifacts)')
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
      const result = await runTrain(
        {
          ...options,
          config,
          catalogue: loadCatalogue(config.catalogue.folder),
          assetType,
          artifactsFolder: options.out ?? (config.models.folder || defaultFolders.models),
          trainedAt: new Date(systemClock.now()).toISOString(),
        },
        ({ kind, share, loss }) =>
          bar.update(Math.round(1000 * overall(kind, share)), {
            step: `${kind}, loss ${loss.toPrecision(3)}`,
          }),
      ).finally(() => bar.stop())
      print(options.json, result, inWords(result))
    })
}

const help = `
A CSV file has a header: device, time (ISO 8601 with zone, or ms; for types that count in steps their usage channel
will do), and the catalogue's channels by name, such as "vibration [mm/s]". Kinds of events: installed, failed, repaired,
replaced, planned_stop. From the store, the verdicts of tickets and the register's life events are the labels.

  forewarn train pump
  forewarn train turbofan --data train_FD001.txt --units 1-80
  forewarn train pump --from csv --data readings.csv --events events.csv
  forewarn train pump --from store --since 2025-01-01T00:00:00Z`

/** The forecaster takes by far most of the time. */
const forecasterShare = 0.9

const overall = (kind: 'forecaster' | 'autoencoder', share: number): number =>
  kind === 'forecaster' ? forecasterShare * share : forecasterShare + (1 - forecasterShare) * share

function moment(text: string): number {
  const time = parseTime(text)
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Expected ISO 8601 with a zone: 2025-01-01T00:00:00Z.')
  return time
}

function inWords({ lives, data, metrics, seconds, folder, report }: TrainResult): string {
  const ends = Object.entries(data.ends).flatMap(([end, count]) => (count > 0 ? [`${count} ${end}`] : []))
  const lines = Object.entries(metrics).map(([name, value]) => `  ${name.padEnd(28)} ${value.toPrecision(4)}`)
  const left = Object.entries(data.leftOut).map(([why, rows]) => `  left out: ${rows} rows, ${why}`)
  return [
    `Trained on ${lives} lives (${ends.join(', ')}) of ${data.devices} devices, ${data.rows} rows, in ${seconds.toFixed(0)} s, kept in ${folder}`,
    ...data.notes.map((note) => `  ${note}`),
    ...left,
    ...lines,
    `The report is ${report}`,
  ].join('\n')
}
