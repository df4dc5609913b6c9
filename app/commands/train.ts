import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { defaultFolders } from '../paths.ts'
import { print, wholeNumber } from './options.ts'

interface Options {
  readonly config?: string
  readonly data?: string
  readonly units?: string
  readonly seed: number
  readonly out?: string
  readonly json?: boolean
}

/** `forewarn train <asset type>`: forecaster and autoencoder with a fixed seed, written as verified artifacts. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'train the forecaster and the autoencoder of an asset type; same seed and data, same weights',
    )
    .argument('<assetType>', 'pump (simulated lives) or turbofan (a C-MAPSS file)')
    .option('--data <file>', 'run-to-failure file, for turbofan')
    .option('--units <list>', 'its units that train, such as 1-80 (default: all)')
    .option('--seed <n>', 'seed of everything random', wholeNumber, 1)
    .option('--out <folder>', 'where the artifacts go (default: models.folder of the config)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .action(async (assetType: string, options: Options) => {
      const config = loadConfig(options.config)
      const { runTrain } = await import('../train/train.ts')
      const bar = new SingleBar({ format: '  {bar} {percentage} % · {step}', stream: process.stderr })
      bar.start(100, 0, { step: 'reading the lives' })
      const result = await runTrain(
        {
          catalogue: loadCatalogue(config.catalogue.folder),
          assetType,
          data: options.data,
          units: options.units,
          seed: options.seed,
          artifactsFolder: options.out ?? (config.models.folder || defaultFolders.models),
          trainedAt: new Date(systemClock.now()).toISOString(),
        },
        ({ kind, share, loss }) =>
          bar.update(Math.round(100 * share), { step: `${kind}, loss ${loss.toPrecision(3)}` }),
      ).finally(() => bar.stop())
      const metrics = Object.entries(result.metrics).map(
        ([name, value]) => `  ${name.padEnd(28)} ${value.toPrecision(4)}`,
      )
      const text = `Trained on ${result.devices} lives in ${result.seconds.toFixed(0)} s, kept in ${result.folder}\n${metrics.join('\n')}`
      print(options.json, result, text)
    })
}
