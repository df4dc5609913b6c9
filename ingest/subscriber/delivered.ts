import { keptPayload, StreamUnusable } from '../broker/packetGuard.ts'
import type { PublishBytes } from './packets.ts'
import type { MqttVersion } from './server.ts'

/** A message that the broker delivered. */
export interface Delivered {
  readonly topic: string
  /** A view on the bytes that came; of a packet beyond the limit the first of them. */
  readonly payload: Buffer
  /** Size of the whole payload. */
  readonly bytes: number
  readonly cut: boolean
  readonly qos: number
  /** Packet identifier; 0 with QoS 0. */
  readonly id: number
  /** Sent before, as the broker says. */
  readonly again: boolean
}

/** Reads a PUBLISH (section 3.3 of MQTT 3.1.1 and 5). Throws StreamUnusable. */
export function decodePublish({ header, body, length }: PublishBytes, version: MqttVersion): Delivered {
  const qos = (header >> 1) & 3
  let at = 2 + shortAt(body, 0)
  const topic = body.toString('utf8', 2, at)
  const id = qos === 0 ? 0 : shortAt(body, at)
  if (qos > 0) at += 2
  if (version === '5') at += propertiesAt(body, at)
  if (qos === 3 || at > length) throw new StreamUnusable('a PUBLISH that is not well-formed')
  const cut = body.length < length
  const kept = cut ? body.subarray(at, at + keptPayload) : body.subarray(at)
  return { topic, payload: kept, bytes: length - at, cut, qos, id, again: (header & 8) !== 0 }
}

function shortAt(body: Buffer, at: number): number {
  if (at + 2 > body.length) throw new StreamUnusable('a PUBLISH that is too short')
  return body.readUInt16BE(at)
}

/** Bytes of the properties with their length (MQTT 5, section 2.2.2): nothing in them is of use here. */
function propertiesAt(body: Buffer, at: number): number {
  let length = 0
  for (let i = 0; i < 4; i++) {
    const byte = body[at + i]
    if (byte === undefined) break
    length += (byte & 127) * 128 ** i
    if (byte < 128) return 1 + i + length
  }
  throw new StreamUnusable('a PUBLISH without the length of its properties')
}
