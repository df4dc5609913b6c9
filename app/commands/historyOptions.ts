import { type Command, Option } from 'commander'
import { type SourceName, sourceNames } from '../train/sourceNames.ts'
import { moment } from './options.ts'

/** Where a history of readings and life ends comes from: what `train` learns from, and `backtest` replays. */
export interface HistoryOptions {
  readonly from?: SourceName
  readonly data?: string
  readonly events?: string
  /** ms since the epoch. */
  readonly since?: number
  /** ms since the epoch. */
  readonly until?: number
  readonly units?: string
}

export const withHistoryOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--from <source>', 'store: a stopped forewarn; csv; cmapss; simulator').choices(sourceNames),
    )
    .option('--data <path>', 'CSV file or folder of them, or a C-MAPSS file')
    .option('--events <file>', 'CSV of life ends: device,time,kind[,mode]')
    .option('--since <time>', 'with --from store: readings from this time on, ISO 8601 with zone', moment)
    .option('--until <time>', 'with --from store: readings before this time', moment)
    .option('--units <list>', 'engines of a C-MAPSS file, such as 1-80 (default: all)')
