import { setTimeout as pause } from 'node:timers/promises'
import { type IClientOptions, type IConnackPacket, MqttClient } from 'mqtt'
import { connectFailure, notAnswered } from '../refusals.ts'
import { dial, type Server } from '../server.ts'

/** A short-lived client that looks at the broker. */
export interface Visitor {
  readonly client: MqttClient
  readonly connack: IConnackPacket
  leave(): Promise<void>
}

export interface VisitOptions {
  readonly clientId: string
  /** The broker keeps the session for so long, seconds; 0 or none: it does not outlive the connection. */
  readonly sessionSeconds?: number
  readonly onMessage?: (topic: string, payload: Buffer) => void
}

const patienceMs = 10_000
const farewellMs = 1_000

/** Connects as the user of mqtt.url. Throws BROKER_UNAVAILABLE, BROKER_MISCONFIGURED. */
export async function visit(server: Server, options: VisitOptions): Promise<Visitor> {
  const client = new MqttClient(() => dial(server), clientOptions(server, options))
  if (options.onMessage) client.on('message', options.onMessage)
  try {
    const connack = await connected(client, server)
    return { client, connack, leave: () => leave(client) }
  } catch (error) {
    client.end(true)
    throw error
  }
}

/** Says goodbye; a broker that does not answer is left without. */
async function leave(client: MqttClient): Promise<void> {
  if (client.connected) await Promise.race([client.endAsync(), pause(farewellMs, undefined, { ref: false })])
  client.stream.destroy()
}

function clientOptions(server: Server, { clientId, sessionSeconds = 0 }: VisitOptions): IClientOptions {
  const version5 = server.version === '5'
  return {
    clientId,
    clean: sessionSeconds === 0,
    protocolVersion: version5 ? 5 : 4,
    reconnectPeriod: 0,
    connectTimeout: patienceMs,
    ...(server.user === undefined ? {} : { username: server.user }),
    ...(server.password === undefined ? {} : { password: server.password }),
    ...(version5 ? { properties: { sessionExpiryInterval: sessionSeconds } } : {}),
  }
}

function connected(client: MqttClient, server: Server): Promise<IConnackPacket> {
  return new Promise((resolve, reject) => {
    client.once('connect', resolve)
    client.on('error', (error) => reject(connectFailure(error, server)))
    client.once('close', () => reject(notAnswered(server, undefined)))
  })
}
