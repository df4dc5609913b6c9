import { simulateLife } from '../../../edge/simulator/lives.ts'

const channels = ['vibration', 'bearing_temperature', 'motor_current', 'discharge_pressure', 'flow', 'speed']
/** Decimals of each channel; rows whose numbers are longer or shorter than the first's are left out. */
const decimals = [3, 2, 2, 3, 2, 1]
const firstSeq = 100_000_000

/** Where a message's changing digits stand, counted from its first byte. */
interface Places {
  readonly device: number
  readonly packetId: number
  readonly time: number
  readonly seq: number
  readonly publishedAt: number
}

export interface MessageForm {
  readonly assetType: string
  readonly prefix: string
  readonly stamped: boolean
}

/**
 * Ready-made PUBLISH packets (MQTT 3.1.1, section 3.3) with the readings of a healthy simulated pump: only digits are
 * written per message, so that the publisher takes as little as possible of the machine that it measures.
 */
export class Messages {
  /** Bytes of every message. */
  readonly size: number
  private readonly rows: Buffer
  private readonly count: number
  private readonly places: Places

  constructor(form: MessageForm) {
    const packets = healthyRows().map((values) => packet(form, values))
    this.size = packets[0]!.length
    const fitting = packets.filter((p) => p.length === this.size)
    this.count = fitting.length
    this.rows = Buffer.concat(fitting)
    this.places = placesOf(fitting[0]!, form)
  }

  /** Writes the `step`-th message of a device at `at`. */
  write(into: Buffer, at: number, device: number, step: number, packetId: number, time: number, now: number) {
    const { places, size } = this
    const row = (step + device * 7) % this.count
    this.rows.copy(into, at, row * size, (row + 1) * size)
    digits(into, at + places.device, 6, device)
    into[at + places.packetId] = packetId >> 8
    into[at + places.packetId + 1] = packetId & 255
    digits(into, at + places.time, 13, time)
    digits(into, at + places.seq, 9, firstSeq + step)
    if (places.publishedAt > 0) digits(into, at + places.publishedAt, 13, now)
  }
}

function digits(into: Buffer, at: number, count: number, value: number): void {
  let rest = value
  for (let i = at + count - 1; i >= at; i--) {
    const tenth = Math.floor(rest / 10)
    into[i] = 48 + rest - tenth * 10
    rest = tenth
  }
}

function healthyRows(): number[][] {
  const { values } = simulateLife({ seed: 'bench', mode: null, startHours: 0, totalSlots: 2_000 })
  return Array.from({ length: values[0]!.length }, (_, row) => values.map((channel) => channel[row]!))
}

function packet({ assetType, prefix, stamped }: MessageForm, values: readonly number[]): Buffer {
  const topic = Buffer.from(`forewarn/bench/${assetType}/${prefix}000000/telemetry`)
  const named = channels.map((name, c) => `"${name}":${values[c]!.toFixed(decimals[c])}`).join(',')
  const published = stamped ? '"publishedAt":1000000000000,' : ''
  const payload = `{"time":1000000000000,"seq":${firstSeq},${published}"values":{${named}}}`
  const length = 2 + topic.length + 2 + payload.length
  const header = [0x32, (length & 127) | 128, length >> 7, topic.length >> 8, topic.length & 255]
  return Buffer.concat([Buffer.from(header), topic, Buffer.from([0, 0]), Buffer.from(payload)])
}

function placesOf(packet: Buffer, { prefix, stamped }: MessageForm): Places {
  const after = (text: string) => packet.indexOf(text) + text.length
  const topicEnd = packet.indexOf('/telemetry') + '/telemetry'.length
  return {
    device: after(`/${prefix}000000/`) - 7,
    packetId: topicEnd,
    time: after('"time":'),
    seq: after('"seq":'),
    publishedAt: stamped ? after('"publishedAt":') : 0,
  }
}
