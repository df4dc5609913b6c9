import { Command, Option } from 'commander'
import type { DecisionRunView, DeviceDecisions } from '../../alerts/http/schemas/decisions.ts'
import type { RegisteredDevice } from '../../alerts/http/schemas/devices.ts'
import { criticalities } from '../../core/device.ts'
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
    .description('why there is no ticket for a device; what it hangs on, how critical it is')
    .addCommand(
      asking(
        new Command('why').description(
          'why there is no ticket for a device, and what was decided about it lately',
        ),
      )
        .argument('<device>')
        .action(why),
    )
    .addCommand(
      asking(new Command('set').description('say what a device hangs on, and how critical it is'))
        .argument('<device>')
        .option('--parent <device>', 'the device that it hangs on, whose alarm mutes it')
        .option('--no-parent', 'it hangs on nothing')
        .addOption(new Option('--criticality <level>', 'how critical it is').choices(criticalities))
        .requiredOption('--actor <name>', 'who says so')
        .action(set),
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

interface SetOptions extends Options {
  /** False for --no-parent. */
  readonly parent?: string | false
  readonly criticality?: string
  readonly actor: string
}

async function set(device: string, options: SetOptions): Promise<void> {
  const { parent, criticality, actor } = options
  const api = await apiOf(options)
  const after = await api.patch<RegisteredDevice>(pathOf(device), {
    ...(parent !== undefined && { parent: parent === false ? null : parent }),
    ...(criticality !== undefined && { criticality }),
    actor,
  })
  const hangs = after.parent === null ? 'hangs on nothing' : `hangs on ${after.parent}`
  print(options.json, after, `${device} ${hangs}, criticality ${after.criticality}`)
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
