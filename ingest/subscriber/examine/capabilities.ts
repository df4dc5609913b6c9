import type { IConnackPacket } from 'mqtt'
import type { Config } from '../../../core/config.ts'
import type { BrokerFinding } from './finding.ts'

type Mqtt = Pick<Config['mqtt'], 'sessionExpiryHours' | 'maxPayloadBytes' | 'shareGroup'>
type Properties = NonNullable<IConnackPacket['properties']>

/** What a broker says of itself in its CONNACK (MQTT 5, section 3.2.2.3); one of 3.1.1 says nothing. */
export function examineCapabilities(properties: Properties | undefined, mqtt: Mqtt): BrokerFinding[] {
  if (!properties) return []
  return [
    ...session(properties, mqtt),
    ...quality(properties),
    ...wildcards(properties),
    ...sharing(properties, mqtt),
    ...packetSize(properties, mqtt),
  ]
}

function session({ sessionExpiryInterval }: Properties, { sessionExpiryHours }: Mqtt): BrokerFinding[] {
  const asked = Math.ceil(sessionExpiryHours * 3600)
  if (sessionExpiryInterval === undefined || sessionExpiryInterval >= asked) return []
  const granted = `it keeps messages for ${hours(sessionExpiryInterval)} while we are away, asked for ${hours(asked)}`
  const remedy =
    'Raise its limit (Mosquitto: persistent_client_expiration, EMQX: mqtt.session_expiry_interval), or know that a longer stop of forewarn loses messages.'
  return [
    {
      what: 'MQTT session',
      level: sessionExpiryInterval === 0 ? 'problem' : 'warning',
      detail: granted,
      remedy,
    },
  ]
}

const hours = (seconds: number) => `${Number((seconds / 3600).toFixed(2))} h`

function quality({ maximumQoS }: Properties): BrokerFinding[] {
  if (maximumQoS === undefined || maximumQoS >= 1) return []
  const remedy = 'Allow QoS 1 (Mosquitto: max_qos 2, EMQX: mqtt.max_qos_allowed = 2).'
  return [{ what: 'MQTT QoS', level: 'problem', detail: 'QoS 0 only: nothing is acknowledged', remedy }]
}

function wildcards({ wildcardSubscriptionAvailable }: Properties): BrokerFinding[] {
  if (wildcardSubscriptionAvailable !== false) return []
  const remedy = 'Allow them (EMQX: mqtt.wildcard_subscription = true).'
  return [{ what: 'MQTT topics', level: 'problem', detail: 'wildcard subscriptions are not allowed', remedy }]
}

function sharing({ sharedSubscriptionAvailable }: Properties, { shareGroup }: Mqtt): BrokerFinding[] {
  if (shareGroup === '' || sharedSubscriptionAvailable !== false) return []
  const remedy = 'Allow them (EMQX: mqtt.shared_subscription = true), or leave mqtt.shareGroup empty.'
  return [{ what: 'MQTT sharing', level: 'problem', detail: 'shared subscriptions are not allowed', remedy }]
}

function packetSize({ maximumPacketSize }: Properties, { maxPayloadBytes }: Mqtt): BrokerFinding[] {
  if (maximumPacketSize === undefined || maximumPacketSize >= maxPayloadBytes) return []
  const detail = `it refuses packets beyond ${maximumPacketSize} bytes; forewarn takes payloads of ${maxPayloadBytes}`
  const remedy = 'Raise its limit where devices send arrays that large, or lower mqtt.maxPayloadBytes to it.'
  return [{ what: 'MQTT packets', level: 'warning', detail, remedy }]
}
