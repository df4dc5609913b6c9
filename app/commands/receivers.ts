import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import type {
  DeliveryList,
  DeliveryView,
  ReceiverBody,
  ReceiverList,
  ReceiverView,
} from '../../alerts/http/schemas/receivers.ts'
import { type DeliveryState, deliveryStates, outgoingEvents, usualEvents } from '../../core/outgoing.ts'
import { loadConfig } from '../loadConfig.ts'
import { countFrom1, print } from './options.ts'

interface Options {
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

interface AddOptions extends Options {
  readonly webhook?: string
  readonly email?: readonly string[]
  readonly secret?: string
  readonly events: readonly (typeof outgoingEvents)[number][]
  readonly sites: readonly string[]
  readonly assetTypes: readonly string[]
  readonly priorities: readonly string[]
}

/** `forewarn receivers`: who is told about tickets, by webhook or e-mail, and what became of each message. */
export function receiversCommand(): Command {
  return new Command('receivers')
    .description('webhooks and e-mail about tickets: list, add, remove, test, deliveries, redeliver')
    .addCommand(asking('list', 'receivers and whether they answer').action(listThem))
    .addCommand(adding())
    .addCommand(about('remove', 'remove a receiver with everything that waits for it').action(remove))
    .addCommand(about('test', 'send a test message now; exit code 1 when it does not arrive').action(test))
    .addCommand(
      about('deliveries', 'what became of the messages to a receiver, newest first')
        .addOption(new Option('--state <state>', 'these alone').choices(deliveryStates))
        .option('--limit <count>', 'at most so many', countFrom1, 20)
        .action(deliveries),
    )
    .addCommand(
      about('redeliver', 'send a message again')
        .argument('<delivery>', 'its number', countFrom1)
        .action(redeliver),
    )
    .addHelpText(
      'after',
      '\nAsks the running forewarn. docs/webhooks.md describes what is sent and how to verify it.',
    )
}

const asking = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .option('--url <url>', 'page and API of the running forewarn (default: as the config says)')
    .option('--token <token>', 'one of its tokens (default: the first of the config)')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'one JSON line')

const about = (name: string, description: string) =>
  asking(name, description).argument('<receiver>', 'its number, as `receivers list` shows it', countFrom1)

const adding = () =>
  asking('add', 'add a receiver')
    .argument('<name>', 'what people call it')
    .addOption(new Option('--webhook <url>', 'post signed JSON there').conflicts('email'))
    .option('--email <address...>', 'write to these addresses')
    .option(
      '--secret <secret>',
      'key of the signature, base64 of 24 to 64 bytes (default: one is made and shown once)',
    )
    .addOption(
      new Option('--events <event...>', 'what it hears of').choices(outgoingEvents).default(usualEvents),
    )
    .option('--sites <site...>', 'of these sites alone', [])
    .option('--asset-types <type...>', 'of these asset types alone', [])
    .option('--priorities <priority...>', 'of these priorities alone', [])
    .action(add)

async function apiOf(options: Options) {
  const { createApiClient } = await import('../apiClient.ts')
  return createApiClient(loadConfig(options.config), options)
}

async function listThem(options: Options): Promise<void> {
  const api = await apiOf(options)
  const found = await api.get<ReceiverList>('/api/receivers')
  const lines = found.receivers.map(lineOf)
  const none = 'There are none; `forewarn receivers add --help` says how to add one.'
  print(
    options.json,
    found,
    [...(lines.length === 0 ? [none] : lines), `${found.pending} messages wait`].join('\n'),
  )
}

async function add(name: string, options: AddOptions, command: Command): Promise<void> {
  const { webhook, email, events, sites, assetTypes, priorities } = options
  const wishes = {
    name,
    events: [...events],
    sites: [...sites],
    assetTypes: [...assetTypes],
    priorities: [...priorities],
  }
  const secret = options.secret ?? `whsec_${randomBytes(32).toString('base64')}`
  if (webhook === undefined && email === undefined)
    command.error('error: give --webhook <url> or --email <address>')
  const body: ReceiverBody =
    webhook === undefined
      ? { kind: 'email', to: [...email!], ...wishes }
      : { kind: 'webhook', url: webhook, secret, ...wishes }
  const api = await apiOf(options)
  const added = await api.post<ReceiverView>('/api/receivers', body)
  const made = body.kind === 'webhook' && options.secret === undefined
  const shown = made ? `\nSecret, shown this once: ${secret}` : ''
  print(options.json, made ? { ...added, secret } : added, `${lineOf(added)}${shown}`)
}

async function remove(id: number, options: Options): Promise<void> {
  const api = await apiOf(options)
  print(options.json, await api.delete(`/api/receivers/${id}`), `Receiver ${id} is removed.`)
}

async function test(id: number, options: Options): Promise<void> {
  const api = await apiOf(options)
  const sent = await api.post<DeliveryView>(`/api/receivers/${id}/test`, {})
  print(options.json, sent, deliveryText(sent))
  if (sent.state !== 'delivered') process.exitCode = 1
}

async function deliveries(
  id: number,
  { state, limit, ...options }: Options & { state?: DeliveryState; limit: number },
): Promise<void> {
  const api = await apiOf(options)
  const query = new URLSearchParams({ limit: String(limit), ...(state && { state }) })
  const found = await api.get<DeliveryList>(`/api/receivers/${id}/deliveries?${query}`)
  print(options.json, found, found.deliveries.map(deliveryText).join('\n') || 'There are none.')
}

async function redeliver(id: number, delivery: number, options: Options): Promise<void> {
  const api = await apiOf(options)
  const again = await api.post<DeliveryView>(`/api/receivers/${id}/deliveries/${delivery}/redeliver`, {})
  print(options.json, again, deliveryText(again))
}

function lineOf(receiver: ReceiverView): string {
  const where = receiver.kind === 'webhook' ? receiver.url : receiver.to.join(', ')
  const { failures, nextTryAt } = receiver
  const state = !receiver.enabled
    ? 'switched off'
    : nextTryAt === null
      ? 'ok'
      : `failed ${failures} times in a row, next try ${moment(nextTryAt)}`
  return `${String(receiver.id).padStart(3)}  ${receiver.name}  ${receiver.kind} ${where}  ${receiver.events.join(', ')}  ${state}`
}

function deliveryText({ id, queuedAt, event, ticket, state, tries }: DeliveryView): string {
  const of = ticket === null ? '' : ` of ticket ${ticket}`
  const last = tries.at(-1)
  const how =
    last === undefined ? 'not tried yet' : (last.problem ?? `answered ${last.code} in ${last.ms} ms`)
  return `${String(id).padStart(5)}  ${moment(queuedAt)}  ${event}${of}  ${state.replace('_', ' ')} (${tries.length} tries): ${how}`
}

const moment = (at: number): string => new Date(at).toISOString().slice(0, 19)
