import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ForewarnError } from '../../core/errors.ts'
import type { DeadLetters } from '../../core/ports.ts'
import { type DeadLetter, type DeadLetterReason, deadLetterReasons } from '../../core/reading.ts'
import { loadConfig } from '../loadConfig.ts'
import { mqttTarget } from '../mqttTarget.ts'
import { print, wholeNumber } from './options.ts'

interface Options {
  readonly config?: string
  readonly reason?: DeadLetterReason
  readonly limit: number
  readonly json?: boolean
}

/** `forewarn deadletters list|replay`: what was not accepted and why; and once its cause is mended, once more. */
export function deadlettersCommand(): Command {
  return new Command('deadletters')
    .description('list what was not accepted and why, or send it again once the cause is mended')
    .addCommand(
      shared(new Command('list').description('newest first'), 50).action(async (options: Options) => {
        await withDeadLetters(options, async (letters) => {
          const found = await letters.list(selection(options))
          print(options.json, found.map(readable), found.map(line).join('\n') || 'There are no dead letters.')
        })
      }),
    )
    .addCommand(
      shared(
        new Command('replay').description(
          'publish them again to the running broker; what it takes is removed',
        ),
        10_000,
      )
        .option('--url <url>', 'broker, mqtt(s)://[user:password@]host:port (default: the one of the config)')
        .action(async (options: Options & { url?: string }) => {
          const { mqtt } = loadConfig(options.config)
          await withDeadLetters(options, async (letters) => {
            const found = await letters.list(selection(options))
            const { republish } = await import('../republish.ts')
            const sent = await republish(mqttTarget(mqtt, options.url), found)
            await letters.remove(sent)
            print(
              options.json,
              { found: found.length, sent: sent.length },
              `${sent.length} of ${found.length} sent again.`,
            )
          })
        }),
    )
}

const shared = (command: Command, limit: number) =>
  command
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .addOption(new Option('--reason <code>', 'only this reason').choices(Object.keys(deadLetterReasons)))
    .option('--limit <n>', 'at most this many', wholeNumber, limit)
    .option('--json', 'as one JSON line')

const selection = ({ limit, reason }: Options) => (reason ? { limit, reason } : { limit })

/** A running forewarn may have the same log open meanwhile. */
async function withDeadLetters(
  options: Options,
  work: (letters: DeadLetters) => Promise<void>,
): Promise<void> {
  const config = loadConfig(options.config)
  const folder = join(resolve(config.data.folder), 'log')
  if (!existsSync(folder)) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: 'there is no reading log in it yet' })
  }
  const { openDeadLetters } = await import('../../ingest/log/lmdbDeadLetters.ts')
  const letters = openDeadLetters({ folder })
  try {
    await work(letters)
  } finally {
    await letters.close()
  }
}

const readable = ({ payload, ...rest }: DeadLetter) => ({
  ...rest,
  payload: Buffer.from(payload).toString('base64'),
})

const preview = (payload: Uint8Array) =>
  Buffer.from(payload.subarray(0, 80))
    .toString('utf8')
    .replaceAll(/[^\x20-\x7e]/g, '·')

const line = ({ at, reason, detail, topic, payload }: DeadLetter) =>
  `${new Date(at).toISOString()}  ${reason.padEnd(18)} ${topic}\n  ${detail}\n  ${preview(payload)}`
