import { SingleBar } from 'cli-progress'
import { Argument, Command } from 'commander'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { mqttTarget } from '../mqttTarget.ts'
import { untilStopped } from '../untilStopped.ts'
import { positiveNumber, print } from './options.ts'

interface Options {
  readonly config?: string
  readonly data: string
  readonly units?: string
  readonly rate: number
  readonly url?: string
  readonly json?: boolean
}

/** `forewarn replay cmapss`: publishes the engines of a data set to a running broker, until their failure. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('publish real machines of a data set over MQTT to a running forewarn, until their failure')
    .addArgument(new Argument('<set>', 'the data set').choices(['cmapss']))
    .requiredOption('--data <file>', 'its file, such as train_FD001.txt')
    .option('--units <list>', 'its units, such as 81-100,3 (default: all)')
    .option('--rate <r>', 'readings per second', positiveNumber, 200)
    .option('--url <url>', 'broker, mqtt(s)://[user:password@]host:port (default: the one of the config)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .addHelpText(
      'after',
      '\nEvent times start one lifetime ago, a cycle a day: set ingest.maxPastDays to 400 in the receiving forewarn.',
    )
    .action(async (_set: string, options: Options) => {
      const config = loadConfig(options.config)
      const { startReplay } = await import('../../edge/replay/cmapss.ts')
      const { connectOnce } = await import('../connectOnce.ts')
      const { url, ca } = mqttTarget(config.mqtt, options.url)
      // The replay itself tries for ever: a broker that refuses it is named before it begins.
      await (await connectOnce(url, ca)).endAsync()
      const stopped = untilStopped()
      const bar = new SingleBar({
        format: '  {bar} {value}/{total} cycles · {failed} failed',
        stream: process.stderr,
      })
      const replay = await startReplay({
        url,
        ca,
        assetType: loadCatalogue(config.catalogue.folder).get('turbofan')!,
        file: options.data,
        units: options.units,
        rate: options.rate,
        onProgress: ({ published, failed }) => bar.update(published, { failed }),
      })
      bar.start(replay.progress().total, 0, { failed: 0 })
      await Promise.race([replay.done, stopped.wait])
      await replay.stop()
      bar.stop()
      const { published, failed, engines } = replay.progress()
      const sent = replay.sent().total
      print(
        options.json,
        { published, sent, failed, engines },
        `${sent} of ${published} readings acknowledged, ${failed} of ${engines} engines failed.`,
      )
    })
}
