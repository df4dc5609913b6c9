import type { Config } from '../core/config.ts'
import { urlHost } from '../core/loopback.ts'

/** Where the page and API are, `port` the one in use. */
export const httpUrl = ({ host, tlsCert }: Config['http'], port: number): string =>
  `${tlsCert ? 'https' : 'http'}://${urlHost(host)}:${port}`

/** Where devices publish to. */
export const mqttUrl = ({ host, port, tlsCert }: Config['mqtt'], inUse = port): string =>
  `${tlsCert ? 'mqtts' : 'mqtt'}://${urlHost(host)}:${inUse}`

/** Where a command of this installation publishes to: the external broker, or ours, there as the first user if any. */
export function ownMqttUrl(mqtt: Config['mqtt']): string {
  if (mqtt.url !== '') return mqtt.url
  const [user] = mqtt.users
  if (user === undefined) return mqttUrl(mqtt)
  return mqttUrl(mqtt).replace('://', `://${user.split(':').map(encodeURIComponent).join(':')}@`)
}

/** A URL as it may be shown: without its password, also where that is not percent-encoded as it should be. */
export const withoutPassword = (url: string): string => url.replace(/(:\/\/[^/:@]*:).*@/, '$1********@')
