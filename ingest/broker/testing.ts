import { readFileSync } from 'node:fs'
import { connectAsync, type MqttClient } from 'mqtt'
import { parse } from 'yaml'
import { type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import { ManualClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config.ts'
import type { LifeEvent } from '../../core/device.ts'
import type { TlsPair } from '../../core/tls.ts'
import { createIntake, type Intake, type NewDevice } from '../intake.ts'
import type { OpenLog } from '../log/log.ts'
import { openMemoryLog } from '../log/memoryLog.ts'
import { type Broker, startBroker } from './broker.ts'

/* The way in as the tests of this folder use it: broker, intake and a log, over a real socket. */

export const now = Date.UTC(2026, 0, 15, 12)

export const catalogue: Catalogue = new Map(
  ['pump', 'turbofan'].map((name) => {
    const file = new URL(`../../catalogue/${name}.yaml`, import.meta.url)
    return [name, parseAssetType(parse(readFileSync(file, 'utf8')), `${name}.yaml`)]
  }),
)

export const quiet = { info: () => {}, warn: () => {}, debug: () => {} }

export interface WayIn {
  readonly broker: Broker
  readonly intake: Intake
  readonly log: OpenLog
  readonly events: LifeEvent[]
  readonly statuses: string[]
  readonly newDevices: NewDevice[]
  connect(options?: Parameters<typeof connectAsync>[1]): Promise<MqttClient>
  close(): Promise<void>
}

export const memoryLog = (maxBytes = 1e8): OpenLog =>
  openMemoryLog({ maxBytes, catalogue, consumers: ['store'], clock: new ManualClock(now) })

export async function openWayIn(
  log: OpenLog = memoryLog(),
  { users = [], tls }: { users?: string[]; tls?: TlsPair } = {},
): Promise<WayIn> {
  const config = { ...parseConfig({ mqtt: { users } }).mqtt, port: 0 }
  const events: LifeEvent[] = []
  const statuses: string[] = []
  const newDevices: NewDevice[] = []
  const intake = createIntake({
    catalogue,
    log,
    clock: new ManualClock(now),
    config: { maxPastDays: 30, maxFutureMs: 60_000, maxPayloadBytes: config.maxPayloadBytes },
    onNewDevices: (devices) => newDevices.push(...devices),
    onLifeEvent: (event) => void events.push(event),
    onStatus: ({ device }, payload) => statuses.push(`${device}: ${Buffer.from(payload).toString()}`),
  })
  const broker = await startBroker({ config, tls, intake, logger: quiet })
  const clients: MqttClient[] = []
  return {
    broker,
    intake,
    log,
    events,
    statuses,
    newDevices,
    connect: async (options) => {
      const url = `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${broker.port}`
      const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000, ...options }, false)
      client.on('error', () => {})
      clients.push(client)
      return client
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.endAsync(true)))
      await broker.close()
    },
  }
}

/** A pump's payload, healthy unless said otherwise. */
export const pump = (time: number, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  time,
  values: {
    vibration: 2,
    bearing_temperature: 55,
    motor_current: 30,
    discharge_pressure: 5,
    flow: 80,
    speed: 1500,
  },
  ...over,
})

export const pumpTopic = (device: string): string => `forewarn/north/pump/${device}/telemetry`

/** A PUBLISH of QoS 1 as bytes (MQTT 3.1.1, section 3.3), also with a topic that no client library sends. */
export function publishPacket(topic: string, payload: Buffer, messageId: number): Buffer {
  const name = Buffer.from(topic)
  const body = Buffer.concat([Buffer.from([name.length >> 8, name.length & 255]), name])
  const rest = Buffer.concat([body, Buffer.from([messageId >> 8, messageId & 255]), payload])
  const length: number[] = []
  for (let left = rest.length; ; left >>= 7) {
    length.push((left & 127) | (left > 127 ? 128 : 0))
    if (left < 128) break
  }
  return Buffer.concat([Buffer.from([0x32, ...length]), rest])
}
