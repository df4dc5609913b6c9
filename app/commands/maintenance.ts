import { Command, Option } from 'commander'
import type { MaintenanceList, MaintenanceView } from '../../alerts/http/schemas/maintenance.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { MaintenanceScope } from '../../core/maintenance.ts'
import { loadConfig } from '../loadConfig.ts'
import { countFrom1, moment, positiveNumber, print } from './options.ts'

interface Options {
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

interface AddOptions extends Options {
  readonly device?: string
  readonly site?: string
  readonly type?: string
  readonly from?: number
  readonly to?: number
  readonly hours?: number
  readonly reason: string
  readonly actor: string
}

/** `forewarn maintenance add|list|end`: times in which devices are worked on and raise no ticket. */
export function maintenanceCommand(): Command {
  return new Command('maintenance')
    .description('times in which devices are worked on: their scores count neither for nor against')
    .addCommand(
      asking(new Command('add').description('mute a device, a site or an asset type'))
        .option('--device <name>', 'one device')
        .option('--site <name>', 'all devices of a site')
        .option('--type <name>', 'all devices of an asset type')
        .option('--from <time>', 'ISO 8601 with a zone (default: now)', moment)
        .option('--to <time>', 'ISO 8601 with a zone', moment)
        .option('--hours <n>', 'how long it lasts, in the place of --to', positiveNumber)
        .requiredOption('--reason <text>', 'what is done')
        .requiredOption('--actor <name>', 'who does it')
        .action(add),
    )
    .addCommand(
      asking(new Command('list').description('newest first'))
        .addOption(new Option('--state <state>', 'only these').choices(['planned', 'in_force', 'over']))
        .action(list),
    )
    .addCommand(
      asking(new Command('end').description('end one early'))
        .argument('<id>', 'its number', countFrom1)
        .requiredOption('--actor <name>', 'who ends it')
        .action(end),
    )
}

const asking = (command: Command) =>
  command
    .option('--url <url>', 'page and API of the running forewarn (default: as the config says)')
    .option('--token <token>', 'one of its tokens (default: the first of the config)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the answer as one JSON line')

async function apiOf(options: Options) {
  const { createApiClient } = await import('../apiClient.ts')
  return createApiClient(loadConfig(options.config), options)
}

async function add(options: AddOptions): Promise<void> {
  const { from, to, hours, reason, actor } = options
  const body = { ...scopeOf(options), from, to, hours, reason, actor }
  const window = await (await apiOf(options)).post<MaintenanceView>('/api/maintenance', body)
  print(options.json, window, lineOf(window))
}

function scopeOf({ device, site, type }: AddOptions): { scope: MaintenanceScope; of: string } {
  const given = [
    ...(device === undefined ? [] : [{ scope: 'device' as const, of: device }]),
    ...(site === undefined ? [] : [{ scope: 'site' as const, of: site }]),
    ...(type === undefined ? [] : [{ scope: 'asset_type' as const, of: type }]),
  ]
  if (given.length === 1) return given[0]!
  throw new ForewarnError('REQUEST_INVALID', { problem: 'give one of --device, --site and --type' })
}

async function list(options: Options & { readonly state?: string }): Promise<void> {
  const query = options.state === undefined ? '' : `?state=${options.state}`
  const { maintenance } = await (await apiOf(options)).get<MaintenanceList>(`/api/maintenance${query}`)
  print(options.json, maintenance, maintenance.map(lineOf).join('\n') || 'There are no maintenance windows.')
}

async function end(id: number, options: Options & { readonly actor: string }): Promise<void> {
  const api = await apiOf(options)
  const window = await api.post<MaintenanceView>(`/api/maintenance/${id}/end`, { actor: options.actor })
  print(options.json, window, lineOf(window))
}

const minuteOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const lineOf = ({ id, scope, of, from, to, state, reason, actor, endedBy }: MaintenanceView): string =>
  `${String(id).padStart(4)}  ${state.replace('_', ' ').padEnd(8)}  ${minuteOf(from)} to ${minuteOf(to)}  ` +
  `${scope.replace('_', ' ')} ${of}: ${reason} (${actor}${endedBy === null ? '' : `, ended by ${endedBy}`})`
