import { Command, InvalidArgumentError, Option } from 'commander'
import type { FleetDemoResult } from '../demo/fleetDemo.ts'
import { leastPastDays } from '../demo/past.ts'
import { createLogger } from '../logger.ts'
import { untilStopped } from '../untilStopped.ts'
import { countFrom1, positiveNumber, wholeNumber } from './options.ts'

interface Options {
  readonly headless?: boolean
  readonly seed: string
  readonly faults: 'none' | 'random'
  readonly pumps?: number
  readonly past?: number
  readonly untilTicket?: boolean
  readonly timeout: number
  readonly seconds: number
  readonly port?: number
  readonly replay?: 'cmapss'
  readonly data?: string
  readonly units: string
  readonly rate: number
  readonly untilEnd?: boolean
  readonly verbose?: boolean
}

/** `forewarn demo`: the whole journey with a simulated fleet, or with the engines of a data set. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('the whole journey in one process, with a simulated fleet of pumps')
    .option('--headless', 'no page to look at; ends by itself, the last line is JSON')
    .option('--seed <text>', 'another seed, another fleet', '1')
    .addOption(
      new Option('--faults <kind>', 'which pumps break by themselves')
        .choices(['random', 'none'])
        .default('random'),
    )
    .option('--pumps <n>', 'size of the fleet (default: 24 with a past, else 12)', countFrom1)
    .option(
      '--past <days>',
      `days that the fleet and a colleague have behind them, 0 or at least ${leastPastDays} (default: 14 with a page, 0 without)`,
      daysOfPast,
    )
    .option('--until-ticket', 'end at the first ticket; exit code 1 where none came in time')
    .option('--timeout <s>', 'longest wait for it', positiveNumber, 180)
    .addOption(
      new Option('--seconds <s>', 'end after so many seconds')
        .argParser(positiveNumber)
        .default(Number.POSITIVE_INFINITY, 'at Ctrl-C'),
    )
    .option('--port <port>', 'port of the page (default: 8080, or a free one)', wholeNumber)
    .addOption(new Option('--replay <set>', 'replay a data set instead of simulating').choices(['cmapss']))
    .option('--data <file>', 'its file, such as train_FD001.txt')
    .option('--units <list>', 'its units', '1-100')
    .option('--rate <r>', 'readings per second', positiveNumber, 200)
    .option('--until-end', 'end when every unit has failed')
    .option('--verbose', 'log what happens')
    .action(async (options: Options) => {
      const logger = createLogger(options.verbose ? 'info' : 'warn')
      const stopped = untilStopped()
      process.stderr.write('Starting broker, stores and models ...\n')
      if (options.replay) {
        const { runReplayDemo } = await import('../demo/replayDemo.ts')
        const replayed = await runReplayDemo(
          { ...options, headless: options.headless ?? false },
          logger,
          stopped,
        )
        process.stdout.write(`${JSON.stringify(replayed)}\n`)
        return
      }
      const pastDays = options.past ?? (options.headless || options.untilTicket ? 0 : 14)
      const { runFleetDemo } = await import('../demo/fleetDemo.ts')
      const result = await runFleetDemo(
        {
          headless: options.headless ?? false,
          seed: options.seed,
          faults: options.faults,
          pumps: options.pumps ?? (pastDays > 0 ? 24 : 12),
          pastDays,
          untilTicket: options.untilTicket ?? false,
          seconds: options.untilTicket ? Math.min(options.timeout, options.seconds) : options.seconds,
          port: options.port,
        },
        logger,
        stopped,
      )
      process.stdout.write(options.headless ? `${JSON.stringify(result)}\n` : farewell(result))
      if (!result.reached || result.lost !== 0) process.exitCode = 1
    })
}

function daysOfPast(text: string): number {
  const days = Number(text)
  if (days === 0 || (Number.isInteger(days) && days >= leastPastDays && days <= 90)) return days
  throw new InvalidArgumentError(`Give 0, or ${leastPastDays} to 90 days.`)
}

/** The same account in words. */
function farewell({ sent, stored, lost, tickets, judgement }: FleetDemoResult): string {
  const { found, missed, falseAlarms, pending, leadTime } = judgement
  const lead = leadTime.median === null ? '' : `, median lead ${leadTime.median.toFixed(0)} h`
  return `\n  ${sent} readings sent, ${stored} stored, ${lost} lost.\n  ${tickets} ticket${tickets === 1 ? '' : 's'}: ${found} fault${found === 1 ? '' : 's'} found${lead}, ${missed} missed, ${falseAlarms} false, ${pending} still developing.\n\n`
}
