import type { Command } from 'commander'
import type { ApiClient } from '../apiClient.ts'
import { loadConfig } from '../loadConfig.ts'

/** Options of a command that asks a running forewarn. */
export interface ApiCommandOptions {
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

export const asksApi = (command: Command): Command =>
  command
    .option('--url <url>', 'page and API of the running forewarn (default: as the config says)')
    .option('--token <token>', 'one of its tokens (default: the first of the config)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'the answer as one JSON line')

export interface ChangeOptions extends ApiCommandOptions {
  readonly actor: string
  readonly reason: string
}

/** The same for one that changes a setting: who does it, and why. */
export const changesApi = (command: Command): Command =>
  asksApi(command)
    .option('--actor <name>', 'who decides', process.env.USER ?? 'somebody')
    .requiredOption('--reason <text>', 'why; kept in the history')

export async function apiOf(options: ApiCommandOptions): Promise<ApiClient> {
  const { createApiClient } = await import('../apiClient.ts')
  return createApiClient(loadConfig(options.config), options)
}
