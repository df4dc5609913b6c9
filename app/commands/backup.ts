import { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import type { BackupResult } from '../backup/save.ts'
import { loadConfig } from '../loadConfig.ts'
import { print } from './options.ts'
import { withBar } from './progressBar.ts'

interface Options {
  readonly config?: string
  readonly telemetry?: boolean
  readonly json?: boolean
}

/** `forewarn backup FILE`: everything of a stopped installation in one archive. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write tickets, register, alarms, readings, scores and dead letters into one archive')
    .argument('<file>', 'archive to write, for example forewarn-2026-11-24.backup.gz; never overwritten')
    .option('--telemetry', 'with stored readings and scores (default: those of DuckDB; InfluxDB has tools)')
    .option('--no-telemetry', 'without them')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the result as one JSON line')
    .addHelpText('after', '\nStop forewarn first: what is embedded has one owner at a time.')
    .action(async (file: string, options: Options) => {
      const config = loadConfig(options.config)
      const telemetry = options.telemetry ?? !config.telemetry.url.startsWith('influx')
      const { backup } = await import('../backup/save.ts')
      const result = await withBar(options.json, (progress) =>
        backup({ config, clock: systemClock, file, telemetry, progress }),
      )
      print(options.json, { ...result, telemetry }, textOf(result, telemetry))
    })
}

function textOf({ file, bytes, counts, scoresLeftOut }: BackupResult, telemetry: boolean): string {
  const rows = Object.entries(counts).map(([what, count]) => `  ${what.padEnd(26)} ${count}`)
  const notes = [
    ...(telemetry
      ? []
      : [
          'Stored readings and scores are not in it: back up InfluxDB with its own tools, or add --telemetry.',
        ]),
    ...(scoresLeftOut > 0
      ? [`${scoresLeftOut} scores of devices that the register no longer knows were left out.`]
      : []),
  ]
  return [`${file}, ${(bytes / 1024 ** 2).toFixed(1)} MB`, ...rows, ...notes].join('\n')
}
