import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import type { Config } from '../../core/config.ts'
import { environmentName } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { loadConfig } from '../loadConfig.ts'
import type { Moved } from '../migrateStore.ts'
import { print } from './options.ts'

interface Options {
  readonly config?: string
  readonly from?: string
  readonly to?: string
  readonly caFile?: string
  readonly json?: boolean
}

/** `forewarn migrate-store`: tickets, history, register and alarms from the data folder to a PostgreSQL server. */
export function migrateStoreCommand(): Command {
  return new Command('migrate-store')
    .description(
      'move tickets, history, devices and alarms of a stopped forewarn to PostgreSQL; all or nothing',
    )
    .option('--from <folder>', 'data folder to move from (default: data.folder of the config)')
    .option('--to <url>', 'postgres://user:password@host:5432/database (default: tickets.url of the config)')
    .option('--ca-file <file>', 'PEM file of the authority that signed PostgreSQL (default: tickets.caFile)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .action(async (options: Options) => {
      const config = loadConfig(options.config)
      const { migrateStore } = await import('../migrateStore.ts')
      const bar = new SingleBar({ format: '  {bar} {percentage} % · {table}', stream: process.stderr })
      bar.start(1, 0, { table: 'looking at both sides' })
      const moved = await migrateStore({
        from: options.from ?? config.data.folder,
        to: targetOf(options, config),
        onProgress: (done, total, table) => {
          bar.setTotal(total)
          bar.update(done, { table })
        },
      }).finally(() => bar.stop())
      print(options.json, moved, report(moved))
    })
}

function targetOf({ to, caFile }: Options, { tickets }: Config): Config['tickets'] {
  const url = to ?? tickets.url
  if (/^postgres(ql)?:\/\//.test(url)) return { url, caFile: caFile ?? tickets.caFile }
  const problem =
    'say where to: --to postgres://user:password@host:5432/database, or tickets.url in the config'
  throw new ForewarnError('REQUEST_INVALID', { problem })
}

function report({ from, to, rows, waiting }: Moved): string {
  const lines = Object.entries(rows).map(
    ([table, count]) => `  ${table.replace('forewarn.', '').padEnd(16)} ${count} on both sides`,
  )
  const queue =
    waiting > 0
      ? [`${waiting} predictions wait in the embedded queue: keep queue.url pglite: until they are handled.`]
      : []
  return [
    `Moved from ${from} to ${to}:`,
    ...lines,
    ...queue,
    `Next: set tickets.url to that database (in forewarn.yaml, or ${environmentName('tickets.url')}) and start.`,
    'The data folder still holds its copy; nothing reads it any more once tickets.url is set.',
  ].join('\n')
}
