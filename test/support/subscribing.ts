import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { type Config, parseConfig } from '../../core/config.ts'
import {
  type Subscriber,
  type SubscriberOptions,
  startSubscriber,
} from '../../ingest/subscriber/subscriber.ts'
import { ScriptedIntake } from './scriptedIntake.ts'

export type Version = Config['mqtt']['version']
export const versions: readonly Version[] = ['3.1.1', '5']

export const pumpTopic = (device = 'p1') => `forewarn/north/pump/${device}/telemetry`
export const numbers = (n: number, from = 0): string[] =>
  Array.from({ length: n }, (_, i) => String(from + i))

export interface Subscribed {
  readonly subscriber: Subscriber
  readonly intake: ScriptedIntake
  /** What was logged as a warning. */
  readonly warnings: string[]
}

/** A subscriber with short waits and a scripted intake. */
export async function subscribing(
  mqtt: Record<string, unknown>,
  options: Partial<SubscriberOptions> = {},
): Promise<Subscribed> {
  const intake = new ScriptedIntake()
  const warnings: string[] = []
  const subscriber = await startSubscriber({
    config: parseConfig({ mqtt, worker: { name: 'one' } }).mqtt,
    clientId: 'forewarn-one',
    topics: ['forewarn/#'],
    intake,
    logger: {
      info: () => {},
      debug: () => {},
      warn: (_: unknown, text?: string) => warnings.push(text ?? ''),
    },
    ...options,
    timing: { firstWaitMs: 20, longestWaitMs: 200, ...options.timing },
  })
  return { subscriber, intake, warnings }
}

/** A device that keeps what is not acknowledged and sends it again after a reconnect. */
export async function device(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 100, reconnectOnConnackError: true, ...options })
  return client.on('error', () => {})
}

export const publishAll = (
  client: MqttClient,
  texts: readonly string[],
  topic = pumpTopic(),
  qos: 1 | 2 = 1,
) => Promise.all(texts.map((text) => client.publishAsync(topic, text, { qos })))

/** Each text where it came first. */
export const firstSeen = (texts: readonly string[]): string[] => [...new Set(texts)]
