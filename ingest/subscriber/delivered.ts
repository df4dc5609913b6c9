import { isCut, keptPayload, type Packet, StreamUnusable } from '../mqtt/packets.ts'
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
export function decodePublish(packet: Packet, version: MqttVersion): Delivered {
  const { header, data, body, end, length } = packet
  const qos = (header >> 1) & 3
  let at = body + 2 + shortAt(data, body, end)
  const topic = data.toString('utf8', body + 2, at)
  const id = qos === 0 ? 0 : shortAt(data, at, end)
  if (qos > 0) at += 2
  if (version === '5') at += propertiesAt(data, at, end)
  if (qos === 3 || at - body > length) throw new StreamUnusable('a PUBLISH that is not well-formed')
  const cut = isCut(packet)
  const payload = data.subarray(at, cut ? Math.min(end, at + keptPayload) : end)
  return { topic, payload, bytes: length - (at - body), cut, qos, id, again: (header & 8) !== 0 }
}

function shortAt(data: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw new StreamUnusable('a PUBLISH that is too short')
  return data.readUInt16BE(at)
}

/** Bytes of the properties with their length (MQTT 5, section 2.2.2): nothing in them is of use here. */
function propertiesAt(data: Buffer, at: number, end: number): number {
  let length = 0
  for (let i = 0; i < 4 && at + i < end; i++) {
    const byte = data[at + i]!
    length += (byte & 127) * 128 ** i
    if (byte < 128) return 1 + i + length
  }
  throw new StreamUnusable('a PUBLISH without the length of its properties')
}
