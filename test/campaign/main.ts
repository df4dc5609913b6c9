import { SingleBar } from 'cli-progress'
import { Command, InvalidArgumentError } from 'commander'
import { type CampaignOptions, runCampaign, type Scenery } from './campaign.ts'
import { embedded } from './embedded.ts'
import type { Plant } from './plant.ts'
import { withServices } from './services.ts'
import { failureText, summaryText, Tally } from './summary.ts'

interface Options {
  readonly rounds: number
  readonly seed: string
  readonly from: number
  readonly services?: boolean
  readonly faults?: readonly string[]
  readonly json?: boolean
}

const positive = (text: string): number => {
  const n = Number(text)
  if (Number.isInteger(n) && n > 0) return n
  throw new InvalidArgumentError('expected a whole number from 1')
}

const command = new Command('npm run test:campaign --')
  .description('faults under load, round by round, with an account of every acknowledged reading')
  .option('--rounds <n>', 'how many rounds', positive, 10)
  .option('--seed <text>', 'names the campaign: the same seed chooses the same faults', String(Date.now()))
  .option('--from <n>', 'the first round: one that begins an installation', positive, 1)
  .option('--services', 'on InfluxDB, Redis, PostgreSQL and Mosquitto instead of everything embedded')
  .option('--faults <kinds>', 'only these kinds, for example kill,disk-full', (text) => text.split(','))
  .option('--json', 'the summary as one line of JSON on stdout')
  .addHelpText(
    'after',
    () => `\nKinds, embedded:\n${kinds(embedded)}\n\nKinds, --services:\n${kinds(withServices)}`,
  )
  .action(run)

function kinds<P extends Plant>({ faults }: Scenery<P>): string {
  return faults.map(({ kind, about }) => `  ${kind.padEnd(20)} ${about}`).join('\n')
}

async function run(options: Options): Promise<void> {
  const isClean = options.services ? await campaign(withServices, options) : await campaign(embedded, options)
  process.exit(isClean ? 0 : 1)
}

async function campaign<P extends Plant>(scenery: Scenery<P>, options: Options): Promise<boolean> {
  const tally = new Tally()
  const bar = new SingleBar({
    format: '  {bar} round {value} of {total} · {faults} · lost {lost}, doubled {doubled}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 15_000,
  })
  const repeat = `${options.services ? ' --services' : ''}${options.faults ? ` --faults ${options.faults}` : ''}`
  bar.start(options.rounds, 0, { faults: 'starting', lost: 0, doubled: 0 })
  try {
    for await (const told of runCampaign(only(scenery, options.faults), options satisfies CampaignOptions)) {
      tally.add(told)
      if (!told.isClean) process.stderr.write(`\n${failureText(told, options.seed, repeat)}\n`)
      const { lost, doubled, rounds } = tally.summary
      bar.update(rounds, { faults: told.faults.join(', ') || 'none', lost, doubled })
    }
  } finally {
    bar.stop()
  }
  const said = { seed: options.seed, services: options.services ?? false, ...tally.summary }
  process.stdout.write(
    options.json ? `${JSON.stringify(said)}\n` : `seed ${options.seed}\n${summaryText(said)}\n`,
  )
  return tally.summary.failedRounds === 0
}

/** Only faults of these kinds. */
function only<P extends Plant>(scenery: Scenery<P>, kinds: readonly string[] | undefined): Scenery<P> {
  if (!kinds) return scenery
  const unknown = kinds.filter((kind) => !scenery.faults.some((fault) => fault.kind === kind))
  if (unknown.length > 0) command.error(`there is no fault ${unknown.join(', ')}; --help lists them`)
  return { ...scenery, faults: scenery.faults.filter(({ kind }) => kinds.includes(kind)) }
}

// children are ended by what hears of this process's end
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
await command.parseAsync()
