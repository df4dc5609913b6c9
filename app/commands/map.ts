import { Command } from 'commander'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { Mapper } from '../../ingest/mapping/mapped.ts'
import { memoryState } from '../../ingest/mapping/state.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { loadMapping } from '../loadMapping.ts'
import { createExplain, type Explain } from '../mapExplain.ts'
import { inWords } from '../mapWords.ts'
import { countFrom1, positiveNumber, print } from './options.ts'

interface Options {
  readonly config?: string
  readonly json?: boolean
}

interface TryOptions extends Options {
  readonly url?: string
  readonly count: number
  readonly seconds: number
  readonly topic?: string
  readonly payload?: string
}

/** `forewarn map check|try FILE`: whether a mapping file is valid, and what it makes of the traffic. */
export function mapCommand(): Command {
  return new Command('map')
    .description('check a mapping file, or watch live what it makes of the messages of existing publishers')
    .addCommand(
      shared(new Command('check').description('is the file valid, and which topics does it take')).action(
        (file: string, options: Options) => {
          const { mapper } = open(file, options)
          const topics = mapper.topics()
          print(
            options.json,
            { file, valid: true, topics },
            `${file} is valid. It takes:\n  ${topics.join('\n  ')}`,
          )
        },
      ),
    )
    .addCommand(
      shared(new Command('try').description('shows each message and the readings in it; stores nothing'))
        .option('--url <url>', 'broker, mqtt(s)://[user:password@]host:port (default: the one of the config)')
        .option('--count <n>', 'end after so many messages', countFrom1, Number.POSITIVE_INFINITY)
        .option('--seconds <s>', 'end after so many seconds', positiveNumber, Number.POSITIVE_INFINITY)
        .option('--topic <topic>', 'no broker: try one message on this topic ...')
        .option('--payload <text>', '... with this payload')
        .action(tryMapping),
    )
}

const shared = (command: Command) =>
  command
    .argument('<file>', 'the mapping file')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'one JSON line a message')

function open(file: string, options: Options): { mapper: Mapper; catalogue: Catalogue; config: Config } {
  const config = loadConfig(options.config)
  const catalogue = loadCatalogue(config.catalogue.folder)
  return { mapper: loadMapping(file, catalogue, memoryState()), catalogue, config }
}

async function tryMapping(file: string, options: TryOptions): Promise<void> {
  const { mapper, catalogue, config } = open(file, options)
  const explain = createExplain(mapper, catalogue, config.ingest)
  if (options.topic === undefined && options.payload === undefined)
    return watch(mapper.topics(), explain, config, options)
  if (options.topic === undefined || options.payload === undefined)
    throw new ForewarnError('REQUEST_INVALID', { problem: '--topic and --payload go together' })
  show(explain, options, options.topic, Buffer.from(options.payload))
}

function show(explain: Explain, { json }: Options, topic: string, payload: Uint8Array): void {
  const explained = explain(topic, payload, Date.now())
  print(json, explained, json ? '' : inWords(explained))
}

/** Ends at `count` messages, after `seconds`, at Ctrl-C or when the broker hangs up. */
async function watch(
  topics: readonly string[],
  explain: Explain,
  { mqtt }: Config,
  options: TryOptions,
): Promise<void> {
  const { watchTopics } = await import('../watchTopics.ts')
  const { mqttTarget } = await import('../mqttTarget.ts')
  const target = mqttTarget(mqtt, options.url)
  const heard = await watchTopics({ ...options, ...target, topics }, (topic, payload) =>
    show(explain, options, topic, payload),
  )
  process.stderr.write(`${heard} ${heard === 1 ? 'message' : 'messages'} heard on ${topics.join(', ')}.\n`)
}
