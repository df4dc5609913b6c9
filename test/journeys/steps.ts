import { connectAsync } from 'mqtt'
import type { Journey } from '../../app/journey.ts'
import type { AssetType } from '../../core/catalogue.ts'
import { systemClock } from '../../core/clock.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { encodeSparkplug, type SentPayload } from '../support/sparkplug.ts'

/** A message as it stands: payload as text, as JSON, as base64, as Sparkplug B, or `fill` bytes. */
export interface ScriptedMessage {
  readonly topic: string
  readonly text?: string
  readonly json?: unknown
  readonly base64?: string
  readonly sparkplug?: SentPayload
  readonly fill?: number
  readonly times?: number
}

/** What happens one after the other; the messages of a step are sent at once, in this order. */
export interface Step {
  /** The time that the clock shows from now on, ISO 8601. */
  readonly at?: string
  readonly messages?: readonly ScriptedMessage[]
  /** Forewarn is stopped and started again before the messages. */
  readonly restart?: boolean
}

export function payloadOf({ text = '', json, base64, sparkplug, fill }: ScriptedMessage): string | Buffer {
  if (fill) return Buffer.alloc(fill, 'x')
  if (sparkplug) return encodeSparkplug(sparkplug)
  if (json !== undefined) return JSON.stringify(json)
  return base64 ? Buffer.from(base64, 'base64') : text
}

/** Shows the time of the steps; what waits does so in real time. */
export class StepClock {
  readonly sleep = systemClock.sleep
  private time = Date.now()

  readonly now = (): number => this.time
  /** What passes between two steps has passed. */
  readonly elapsed = this.now

  set(at: string | undefined): void {
    if (at !== undefined) this.time = Date.parse(at)
  }
}

/** A stored reading: its time, ISO 8601, and the values that it has. */
export type StoredReading = readonly [time: string, values: Readonly<Record<string, number>>]
export type StoredDevices = Readonly<Record<string, readonly StoredReading[]>>

/** Publishes the messages of a step and waits for their acknowledgements. */
async function publishStep(journey: Journey, { messages = [] }: Step): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${journey.mqttPort}`, { reconnectPeriod: 0 })
  try {
    const sent = messages.flatMap((message) =>
      Array.from({ length: message.times ?? 1 }, () =>
        client.publishAsync(message.topic, payloadOf(message), { qos: 1 }),
      ),
    )
    await Promise.all(sent)
  } finally {
    await client.endAsync()
  }
}

/** Plays a step and notes the topics on which edge nodes are told something meanwhile. */
export async function playStep(journey: Journey, step: Step, commands: string[]): Promise<void> {
  const watcher = await connectAsync(`mqtt://127.0.0.1:${journey.mqttPort}`, { reconnectPeriod: 0 })
  watcher.on('message', (topic) => void commands.push(topic))
  await watcher.subscribeAsync(everyCommand)
  await publishStep(journey, step)
  // its answer comes after everything that was on its way to the watcher
  await watcher.subscribeAsync(everyCommand)
  await watcher.endAsync()
}

const everyCommand = 'spBv1.0/+/NCMD/#'

/** Everything that is stored, by device. */
export async function storedReadings({ catalogue, telemetry }: Journey): Promise<StoredDevices> {
  const found: Record<string, StoredReading[]> = {}
  for (const [assetType, { channels }] of catalogue) {
    for (const { device } of await telemetry.devices(assetType)) {
      const batch = await telemetry.window(assetType, device, Number.MAX_SAFE_INTEGER, 1000)
      found[device] = readingsOf(batch, channels)
    }
  }
  return found
}

/** Rounded to six digits: a unit conversion ends in the last ones. */
function readingsOf({ time, channels }: ReadingBatch, named: AssetType['channels']): StoredReading[] {
  return [...time].map((at, i) => {
    const values = named.map(({ name }, c) => [name, Number(channels[c]![i]!.toPrecision(6))] as const)
    return [
      new Date(at).toISOString(),
      Object.fromEntries(values.filter(([, value]) => !Number.isNaN(value))),
    ]
  })
}
