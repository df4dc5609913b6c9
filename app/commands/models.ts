import { Command } from 'commander'
import type { Comparison, ComparisonAnswer } from '../../alerts/http/schemas/models.ts'
import { systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ModelDecision, ModelsInForce, ModelVersion } from '../../core/model.ts'
import type { ModelRegistry, NewDecision } from '../../core/ports.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { loadConfig } from '../loadConfig.ts'
import { print } from './options.ts'

interface Options {
  readonly config?: string
  readonly json?: boolean
}

interface Decided extends Options {
  readonly actor: string
  readonly reason: string
}

/** `forewarn models`: which versions there are, which are in force, and who decided so. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('versions of the models: list, show, challenge, promote, withdraw, roll back')
    .addCommand(
      shared(new Command('list').description('versions of every asset type, those in force marked')).action(
        list,
      ),
    )
    .addCommand(
      shared(
        new Command('show').description('the versions of an asset type with their figures, and its history'),
      )
        .argument('<assetType>')
        .action(show),
    )
    .addCommand(deciding('challenge', 'challenged', 'let a version score in the shadow beside the champion'))
    .addCommand(
      shared(
        asking(
          new Command('compare').description(
            'challenger against champion, on windows whose outcome is known',
          ),
        ),
      )
        .argument('<assetType>')
        .action(compare),
    )
    .addCommand(
      decision(
        asking(
          new Command('promote').description(
            'put a version in force: the challenger where it forecasts better, another one with --force',
          ),
        ),
      )
        .argument('<assetType>')
        .argument('[version]', 'the first characters of its hash (default: the challenger)')
        .option('--force', 'without having been better; also while no forewarn runs')
        .action(promote),
    )
    .addCommand(deciding('withdraw', 'withdrawn', 'end the challenge of a version'))
    .addCommand(
      decision(new Command('rollback').description('put the champion before the present one in force again'))
        .argument('<assetType>')
        .action((assetType: string, options: Decided) =>
          decide(assetType, undefined, 'rolled_back', options),
        ),
    )
    .addHelpText(
      'after',
      '\nA version is named by its hash; its first characters are enough. A running forewarn follows within two seconds.',
    )
}

const shared = (command: Command) =>
  command
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'as one JSON line')

const decision = (command: Command) =>
  shared(command)
    .option('--actor <name>', 'who decides', process.env.USER ?? 'somebody')
    .requiredOption('--reason <text>', 'why; kept in the history')

const deciding = (name: string, action: NewDecision['action'], description: string) =>
  decision(new Command(name).description(description))
    .argument('<assetType>')
    .argument('<version>', 'the first characters of its hash')
    .action((assetType: string, version: string, options: Decided) =>
      decide(assetType, version, action, options),
    )

async function open({ config: file }: Options) {
  const config = loadConfig(file)
  const { openModelRegistry } = await import('../roles/models.ts')
  return {
    registry: openModelRegistry({ config, clock: systemClock }),
    types: [...loadCatalogue(config.catalogue.folder).keys()],
  }
}

const asking = (command: Command) =>
  command
    .option('--url <url>', 'page and API of the running forewarn (default: as the config says)')
    .option('--token <token>', 'one of its tokens (default: the first of the config)')

interface Asking extends Options {
  readonly url?: string
  readonly token?: string
}

async function apiOf(options: Asking) {
  const { createApiClient } = await import('../apiClient.ts')
  return createApiClient(loadConfig(options.config), options)
}

async function compare(assetType: string, options: Asking): Promise<void> {
  const api = await apiOf(options)
  const { comparison } = await api.get<ComparisonAnswer>(`/api/models/${assetType}/comparison`)
  print(
    options.json,
    comparison,
    comparison === null ? 'There is no challenger.' : comparisonText(comparison),
  )
}

async function promote(
  assetType: string,
  version: string | undefined,
  options: Decided & Asking & { force?: boolean },
): Promise<void> {
  if (options.force)
    return decide(assetType, version, 'promoted', { ...options, reason: `forced: ${options.reason}` })
  const { registry } = await open(options)
  const hash = version === undefined ? undefined : await hashOf(registry, assetType, version)
  const { actor, reason } = options
  const api = await apiOf(options)
  const made = await api.post<ModelDecision>(`/api/models/${assetType}/promote`, {
    actor,
    reason,
    version: hash,
  })
  print(options.json, made, historyLine(made))
}

function comparisonText(c: Comparison): string {
  const number = (value: number | null) => (value === null ? 'unknown' : value.toFixed(4))
  return [
    `${c.challengerHash.slice(0, 12)} against the champion ${c.championHash.slice(0, 12)}: ${c.verdict}, ${c.reason}`,
    `  ${c.windows} windows of ${c.failures} lives before a failure and ${c.healthy} without one in sight`,
    `  Brier score (0 is perfect): challenger ${number(c.challenger)}, champion ${number(c.champion)}`,
    `  gain ${number(c.gain)}, between ${number(c.gainLow)} and ${number(c.gainHigh)} in 90 % of resampled fleets`,
  ].join('\n')
}

interface Shown extends ModelsInForce {
  readonly assetType: string
  readonly versions: readonly ModelVersion[]
  readonly decisions: readonly ModelDecision[]
}

const look = async (registry: ModelRegistry, assetType: string): Promise<Shown> => ({
  assetType,
  ...(await registry.inForce(assetType)),
  versions: await registry.versions(assetType),
  decisions: await registry.decisions(assetType),
})

async function list(options: Options): Promise<void> {
  const { registry, types } = await open(options)
  const shown = await Promise.all(types.map((type) => look(registry, type)))
  const text = shown.flatMap((one) => [
    `${one.assetType}${one.versions.length === 0 ? ': no model yet, train one with `forewarn train`' : ''}`,
    ...one.versions.map((version) => `  ${lineOf(version, one)}`),
  ])
  print(options.json, shown, text.join('\n'))
}

async function show(assetType: string, options: Options): Promise<void> {
  const { registry, types } = await open(options)
  assertType(assetType, types)
  const shown = await look(registry, assetType)
  const text = [
    ...shown.versions.flatMap((version) => [lineOf(version, shown), ...figuresOf(version)]),
    '',
    ...shown.decisions.map(historyLine),
  ]
  print(options.json, shown, text.join('\n'))
}

async function decide(
  assetType: string,
  version: string | undefined,
  action: NewDecision['action'],
  options: Decided,
): Promise<void> {
  const { registry, types } = await open(options)
  assertType(assetType, types)
  const hash =
    version === undefined && action === 'promoted'
      ? ((await registry.inForce(assetType)).challenger ?? undefined)
      : version && (await hashOf(registry, assetType, version))
  const { actor, reason } = options
  const made = await registry.decide(assetType, { action, hash, actor, reason })
  print(options.json, made, historyLine(made))
}

function assertType(assetType: string, types: readonly string[]): void {
  if (types.includes(assetType)) return
  const problem = `there is no asset type ${assetType}; the catalogue has ${types.join(', ')}`
  throw new ForewarnError('REQUEST_INVALID', { problem })
}

/** The whole hash of the one version whose hash begins so. */
async function hashOf(registry: ModelRegistry, assetType: string, start: string): Promise<string> {
  const found = (await registry.versions(assetType)).filter(({ hash }) => hash.startsWith(start))
  if (found.length === 1) return found[0]!.hash
  const model = found.length === 0 ? start : `${start}, there are ${found.length} that begin so`
  throw new ForewarnError('MODEL_UNKNOWN', { model, assetType })
}

function lineOf(
  { hash, trainedAt, data, kinds }: ModelVersion,
  { champion, challenger }: ModelsInForce,
): string {
  const role = hash === champion ? 'champion  ' : hash === challenger ? 'challenger' : '          '
  return `${hash.slice(0, 12)}  ${role}  ${trainedAt.slice(0, 16)}  ${kinds.join(' + ')}, ${data.name}, ${data.devices} lives`
}

const figuresOf = ({ metrics }: ModelVersion): string[] =>
  Object.entries(metrics).map(([name, value]) => `    ${name.padEnd(28)} ${value.toPrecision(4)}`)

const historyLine = ({ number, at, actor, action, hash, before, reason }: ModelDecision): string =>
  `${String(number).padStart(3)}  ${new Date(at).toISOString().slice(0, 16)}  ${hash.slice(0, 12)} ${action.replace('_', ' ')} by ${actor}${before === null ? '' : ` (champion until then ${before.slice(0, 12)})`}: ${reason}`
