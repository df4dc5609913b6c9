import { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import type { Prediction } from '../../core/ticket.ts'
import type { Explanation } from '../explain/explain.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { countFrom1, print } from './options.ts'

interface Options {
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

/** `forewarn ticket explain <id>`: the score behind a ticket, computed again from what was kept with it. */
export function ticketCommand(): Command {
  return new Command('ticket').description('explain the score behind a ticket').addCommand(
    new Command('explain')
      .description('compute the score of a ticket again from its evidence, and compare bit by bit')
      .argument('<id>', 'number of the ticket', countFrom1)
      .option('--url <url>', 'page and API of the running forewarn (default: as the config says)')
      .option('--token <token>', 'one of its tokens (default: the first of the config)')
      .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
      .option('--json', 'the explanation as one JSON line')
      .action(async (id: number, options: Options) => {
        const config = loadConfig(options.config)
        const { createApiClient } = await import('../apiClient.ts')
        const api = createApiClient(config, options)
        const prediction = await api.get<Prediction>(`/api/tickets/${id}/prediction`)
        const { explainTicket } = await import('../explain/explain.ts')
        const { openModelRegistry } = await import('../roles/models.ts')
        const explanation = await explainTicket(id, prediction, {
          catalogue: loadCatalogue(config.catalogue.folder),
          registry: openModelRegistry({ config, clock: systemClock }),
        })
        print(options.json, explanation, textOf(explanation))
        if (!explanation.same) process.exitCode = 1
      }),
  )
}

function textOf({ ticket, device, windowEnd, mode, model, backend, ...rest }: Explanation): string {
  const { windowIntact, numbers, same, modes } = rest
  const width = Math.max(...numbers.map(({ name }) => name.length))
  const rows = numbers.map(
    ({ name, kept, again, same: alike }) =>
      `  ${name.padEnd(width)}  ${kept.toPrecision(6).padStart(12)}  ${again.toPrecision(6).padStart(12)}  ${alike ? 'same bits' : 'DIFFERENT'}`,
  )
  const fits = modes.map(({ mode: name, fit }) => `  ${name.padEnd(width)}  ${fit.toFixed(2).padStart(12)}`)
  return [
    `Ticket ${ticket}: ${mode} suspected on ${device}, from the window that ended ${new Date(windowEnd).toISOString()}`,
    `Model ${model.hash.slice(0, 12)}, trained ${model.trainedAt} on ${model.data.name}`,
    `Computed again by ${backend.name}${backend.simd ? ' with SIMD' : ''}; the kept window is ${windowIntact ? 'intact' : 'DAMAGED'}`,
    '',
    `  ${''.padEnd(width)}  ${'kept'.padStart(12)}  ${'again'.padStart(12)}`,
    ...rows,
    '',
    'Share of the deviation that each failure mode explains, the likeliest first:',
    ...fits,
    '',
    same ? 'Every number is the same, bit for bit.' : 'Not every number is the same.',
  ].join('\n')
}
