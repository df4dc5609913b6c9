import type { MqttClient } from 'mqtt'
import { connectFailure, subscriptionRefused } from './refusals.ts'
import type { Server } from './server.ts'

export interface Subscription {
  readonly filters: readonly string[]
  /** What an earlier configuration subscribed to: it would go on coming. */
  readonly stale: readonly string[]
  readonly shared: boolean
}

/** The filters at the broker: those of a share group begin with $share (MQTT 5, section 4.8.2). */
export const filtersOf = (topics: readonly string[], shareGroup: string): string[] =>
  shareGroup === '' ? [...topics] : topics.map((topic) => `$share/${shareGroup}/${topic}`)

/**
 * QoS 1 at most: the broker delivers what was published with QoS 2 as QoS 1, and a repeated reading changes nothing.
 * Done with every connection: it costs one packet, and mends a session that has lost its subscription. Throws
 * BROKER_MISCONFIGURED where it is not granted as QoS 1.
 */
export async function subscribe(client: MqttClient, server: Server, subscription: Subscription) {
  const { filters, stale } = subscription
  if (stale.length > 0) await client.unsubscribeAsync([...stale])
  for (const filter of filters) {
    const code = await grantedQos(client, server, filter, subscription.shared)
    if (code !== 1) throw subscriptionRefused(server, filter, code)
  }
}

async function grantedQos(client: MqttClient, server: Server, filter: string, shared: boolean) {
  try {
    const [granted] = await client.subscribeAsync(filter, { qos: 1, ...version5Options(server, shared) })
    return granted?.qos ?? 0
  } catch (error) {
    const code = (error as { packet?: { granted?: unknown[] } }).packet?.granted?.[0]
    if (typeof code === 'number') return code
    throw connectFailure(error, server)
  }
}

/**
 * Retained messages once a session and not with every connection, nothing that we publish ourselves; a shared
 * subscription must not ask for the latter (MQTT-3.8.3-4).
 */
const version5Options = ({ version }: Server, shared: boolean) =>
  version === '5' ? { rh: 1, nl: !shared } : {}
