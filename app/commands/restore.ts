import { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import type { RestoreResult } from '../backup/restore.ts'
import { loadConfig } from '../loadConfig.ts'
import { print } from './options.ts'
import { withBar } from './progressBar.ts'

interface Options {
  readonly config?: string
  readonly json?: boolean
}

/** `forewarn restore FILE`: an archive into an empty installation, embedded or on services. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('fill an empty installation, embedded or on services, from an archive')
    .argument('<file>', 'archive that `forewarn backup` wrote')
    .option('-c, --config <file>', 'YAML file of the installation to fill (default: forewarn.yaml)')
    .option('--json', 'the result as one JSON line')
    .addHelpText(
      'after',
      '\nThe archive is checked to its end before anything is written; the counts are compared afterwards.',
    )
    .action(async (file: string, options: Options) => {
      const config = loadConfig(options.config)
      const { restore } = await import('../backup/restore.ts')
      const result = await withBar(options.json, (progress) =>
        restore({ config, clock: systemClock, file, progress }),
      )
      print(options.json, result, textOf(result))
    })
}

function textOf({ writtenBy, writtenAt, counts, refused }: RestoreResult): string {
  const rows = Object.entries(counts).map(([what, count]) => `  ${what.padEnd(26)} ${count}`)
  const note = `${refused} readings were refused by the store (beyond its retention?): forewarn deadletters list`
  return [
    `Restored the backup of ${writtenAt} (forewarn ${writtenBy}):`,
    ...rows,
    ...(refused > 0 ? [note] : []),
  ].join('\n')
}
