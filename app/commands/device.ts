import { Command } from 'commander'
import type { DecisionRunView, DeviceDecisions } from '../../alerts/http/schemas/decisions.ts'
import { loadConfig } from '../loadConfig.ts'
import { print } from './options.ts'

interface Options {
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

/** `forewarn device`: what the running forewarn knows of a device. */
export function deviceCommand(): Command {
  return new Command('device')
    .description('why there is no ticket for a device')
    .addCommand(
      asking(
        new Command('why').description(
          'why there is no ticket for a device, and what was decided about it lately',
        ),
      )
        .argument('<device>')
        .action(why),
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

const pathOf = (device: string) => `/api/devices/${encodeURIComponent(device)}`

async function why(device: string, options: Options): Promise<void> {
  const api = await apiOf(options)
  const decisions = await api.get<DeviceDecisions>(`${pathOf(device)}/decisions`)
  print(options.json, decisions, textOf(decisions))
}

function textOf({ answer, alarm, runs }: DeviceDecisions): string {
  return [
    answer,
    ...(alarm ? ['', `Alarm: ${alarm.raised ? 'raised' : 'not raised'}. ${alarm.explanation}`] : []),
    ...(runs.length > 0
      ? ['', 'Decided lately, newest first (ends of windows, UTC):', ...runs.map(lineOf)]
      : []),
  ].join('\n')
}

function lineOf({ kind, from, until, windows, words, detail }: DecisionRunView): string {
  const span = from === until ? moment(from) : `${moment(from)} to ${moment(until)}`
  const count = windows === 0 ? 'event' : `${windows} window${windows === 1 ? '' : 's'}`
  return `  ${span.padEnd(36)} ${count.padStart(11)}  ${kind.padEnd(6)} ${words}${detail === null ? '' : ` (${detail})`}`
}

const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
