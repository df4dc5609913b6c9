import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../../core/config.ts'
import { type Server, serverOf } from '../server.ts'
import { filtersOf, subscribe } from '../subscription.ts'
import { examineCapabilities } from './capabilities.ts'
import { type BrokerFinding, problemOf } from './finding.ts'
import { probeQueue } from './queueProbe.ts'
import { visit } from './visitor.ts'

const what = 'MQTT broker'
/** A retained message of a subscription is here by then, ms. */
const retainedMs = 500

/**
 * Looks at the external broker of mqtt.url as far as a client can: whether it lets us in and lets us subscribe, and
 * which of its settings would lose messages. Comes with client ids of its own and leaves nothing behind. Never throws.
 */
export async function examineBroker(
  config: Config['mqtt'],
  topics: readonly string[] = ['forewarn/#'],
): Promise<BrokerFinding[]> {
  try {
    return await examine(config, serverOf(config), topics)
  } catch (error) {
    return [problemOf(what, error)]
  }
}

async function examine(
  config: Config['mqtt'],
  server: Server,
  topics: readonly string[],
): Promise<BrokerFinding[]> {
  const id = `forewarn-doctor-${randomUUID().slice(0, 8)}`
  const capabilities = await asForewarn(server, id, config)
  const version = await versionOf(server, id)
  const detail = `${server.shown} speaks MQTT ${server.version}${version === '' ? '' : `, ${version}`}`
  return [
    { what, level: 'ok', detail },
    ...capabilities,
    ...(await examineRights(server, id, filtersOf(topics, config.shareGroup === '' ? '' : id))),
    await probeQueue(server, id).catch((error) => problemOf('MQTT queue', error)),
  ]
}

/** Comes with the session that forewarn asks for, to hear what is granted of it; the visits after it end it. */
async function asForewarn(server: Server, clientId: string, config: Config['mqtt']) {
  const sessionSeconds = Math.ceil(config.sessionExpiryHours * 3600)
  const { connack, leave } = await visit(server, { clientId, sessionSeconds })
  await leave()
  return examineCapabilities(connack.properties, config)
}

/** What Mosquitto says of itself; empty where nothing is said, or this user may not hear it. */
async function versionOf(server: Server, clientId: string): Promise<string> {
  let version = ''
  const onMessage = (_topic: string, payload: Buffer) => {
    version = payload.toString().slice(0, 80)
  }
  const { client, leave } = await visit(server, { clientId, onMessage })
  await client.subscribeAsync('$SYS/broker/version', { qos: 0 }).catch(() => [])
  for (let ms = 0; ms < retainedMs && version === ''; ms += 20) await pause(20)
  await leave()
  return version
}

/** A share group of our own gets copies, and takes nothing from that of forewarn. */
async function examineRights(server: Server, clientId: string, filters: readonly string[]) {
  const { client, leave } = await visit(server, { clientId })
  try {
    await subscribe(client, server, {
      filters,
      stale: [],
      shared: filters[0]?.startsWith('$share/') === true,
    })
    return []
  } catch (error) {
    return [problemOf('MQTT rights', error)]
  } finally {
    await leave()
  }
}
