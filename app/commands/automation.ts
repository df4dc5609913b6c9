import { Argument, Command } from 'commander'
import type { ModeAutomation, PolicyAnswer, SettingChange } from '../../alerts/http/schemas/policy.ts'
import { automationLevels } from '../../core/policySetting.ts'
import { type ApiCommandOptions, apiOf, asksApi, type ChangeOptions, changesApi } from './apiOptions.ts'
import { print } from './options.ts'

/** `forewarn automation`: what alarms of each failure mode may do by themselves, and what they have earned. */
export function automationCommand(): Command {
  return new Command('automation')
    .description('what alarms of a failure mode may do by themselves: list, set')
    .addCommand(
      asksApi(
        new Command('list').description('the level of every failure mode, and its outcomes since'),
      ).action(list),
    )
    .addCommand(
      changesApi(new Command('set').description('set a level by hand; outcomes go on from there'))
        .argument('<assetType>')
        .argument('<mode>')
        .addArgument(new Argument('<level>').choices([...automationLevels]))
        .action(set),
    )
    .addHelpText(
      'after',
      '\nshadow: no ticket, each raise is remembered and judged by what becomes of the device. suggest: a ticket that waits for' +
        '\na planner. automatic: outgoing messages leave by themselves. A level is earned and lost by the outcomes since it was set.',
    )
}

async function list(options: ApiCommandOptions): Promise<void> {
  const { types } = await (await apiOf(options)).get<PolicyAnswer>('/api/policy')
  const shown = types.flatMap(({ assetType, automation }) => automation.map((one) => ({ assetType, ...one })))
  print(options.json, shown, shown.map(lineOf).join('\n'))
}

function lineOf({
  assetType,
  mode,
  level,
  right,
  wrong,
  lower,
  change,
}: ModeAutomation & { assetType: string }): string {
  const known =
    right + wrong === 0
      ? 'no outcome since'
      : `${right} right, ${wrong} wrong, surely ${Math.round(100 * lower)} %`
  const by = change ? `${change.actor}: ${change.reason}` : 'configuration'
  return `${assetType.padEnd(16)} ${mode.padEnd(20)} ${level.padEnd(9)} ${known.padEnd(34)} ${by}`
}

async function set(assetType: string, mode: string, level: string, options: ChangeOptions): Promise<void> {
  const { actor, reason } = options
  const api = await apiOf(options)
  const path = `/api/policy/automation/${encodeURIComponent(assetType)}/${encodeURIComponent(mode)}`
  const made = await api.put<SettingChange>(path, { level, actor, reason })
  print(options.json, made, `${assetType} ${mode} is ${level}: ${made.reason}`)
}
