import { SingleBar } from 'cli-progress'
import { Argument, Command } from 'commander'
import type { EvaluateResult } from '../evaluate/evaluate.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { print, wholeNumber } from './options.ts'

interface Options {
  readonly config?: string
  readonly train?: string
  readonly test?: string
  readonly rul?: string
  readonly units?: string
  readonly cuts?: number
  readonly seed: number
  readonly artifact?: string
  readonly variants: boolean
  readonly json?: boolean
}

/** `forewarn evaluate cmapss`: the published protocol, beside baselines on the same inputs. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('judge the forecaster by the published protocol, beside its baselines')
    .addArgument(new Argument('<set>', 'the data set').choices(['cmapss']))
    .option('--train <file>', 'training file, such as train_FD001.txt')
    .option('--test <file>', 'test file, unchanged')
    .option('--rul <file>', 'its true remaining lives, unchanged')
    .option('--units <list>', 'with --cuts: these engines are tested, the others train')
    .option('--cuts <n>', 'cut each tested life at so many random cycles', wholeNumber)
    .option('--seed <n>', 'seed of training and cuts', wholeNumber, 1)
    .option('--artifact <folder>', 'judge this trained forecaster instead of training one')
    .option('--no-variants', 'leave out the models without age and under the strict protocol')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .action(async (_set: string, options: Options) => {
      const { runEvaluate } = await import('../evaluate/evaluate.ts')
      const catalogue = loadCatalogue(loadConfig(options.config).catalogue.folder)
      const bar = new SingleBar({ format: '  {bar} {percentage} % · {step}', stream: process.stderr })
      bar.start(100, 0, { step: 'reading the files' })
      const result = await runEvaluate({ ...options, catalogue }, (step, share) =>
        bar.update(Math.round(100 * share), { step }),
      ).finally(() => bar.stop())
      print(options.json, result, table(result))
    })
}

/** The figures side by side, ours first. */
function table({ variants, baselines, coverage90, predictions, trainedOn }: EvaluateResult): string {
  const rows = Object.entries({ ...variants, ...baselines }).map(
    ([name, { rmseCapped, rmseRaw, score }]) =>
      `  ${name.padEnd(34)} ${rmseCapped.toFixed(2).padStart(8)} ${rmseRaw.toFixed(2).padStart(8)} ${score.toFixed(0).padStart(8)}`,
  )
  const head = `${predictions} predictions, trained on ${trainedOn} engines; 90 % intervals cover ${(100 * coverage90).toFixed(1)} %\n`
  return `${head}  ${''.padEnd(34)} ${'RMSE'.padStart(8)} ${'raw'.padStart(8)} ${'Score'.padStart(8)}\n${rows.join('\n')}`
}
