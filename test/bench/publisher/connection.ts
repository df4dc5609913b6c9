import { connect, type Socket } from 'node:net'
import type { Histogram } from './histogram.ts'
import type { Messages } from './messages.ts'

export interface ConnectionOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  readonly window: number
  /** Devices whose messages go over this connection, in turns. */
  readonly devices: readonly number[]
  readonly messages: Messages
  /** Messages after which it has sent everything. */
  readonly most: number
  /** Event time of the first readings, and the step from one to the next, ms. */
  readonly from: number
  readonly cadenceMs: number
  readonly latency: Histogram
  /** Connects again after so long, ms, and sends again what was not acknowledged; undefined: once broken it stays so. */
  readonly reconnectMs?: number | undefined
}

/** A device's connection, MQTT 3.1.1 by hand: sends messages of QoS 1 and counts what is acknowledged. */
export class Connection {
  sent = 0
  acknowledged = 0
  outOfOrder = 0
  broken = false
  reconnects = 0
  /** Called when acknowledgements made room. */
  onRoom: () => void = () => {}
  private readonly sentAt: Float64Array
  private socket!: Socket
  private carry: Buffer | undefined
  private ending = false
  private away = false

  constructor(private readonly options: ConnectionOptions) {
    this.sentAt = new Float64Array(options.window)
  }

  get room(): number {
    const { window, most } = this.options
    return this.broken || this.away ? 0 : Math.min(window - (this.sent - this.acknowledged), most - this.sent)
  }

  get done(): boolean {
    return this.broken || this.sent >= this.options.most
  }

  /** Resolves when the broker has accepted it. */
  open(): Promise<void> {
    const { host, port, clientId } = this.options
    return new Promise((resolve, reject) => {
      this.socket = connect({ host, port, noDelay: true })
      this.socket.once('connect', () => this.socket.write(connectPacket(clientId)))
      this.socket.once('data', (connack) => {
        if (connack[0] !== 0x20 || connack[3] !== 0) reject(new Error(`refused with code ${connack[3]}`))
        this.socket.on('data', (chunk) => this.acks(chunk))
        resolve()
      })
      this.socket.on('error', reject)
      this.socket.on('close', () => {
        reject(new Error('the broker closed the connection'))
        if (!this.ending) this.closed()
      })
    })
  }

  /** Sends `count` messages in one write; no more than there is room. */
  send(count: number): number {
    const n = Math.min(count, this.room)
    if (n <= 0) return 0
    this.write(this.sent, n)
    const now = performance.now()
    for (let i = 0; i < n; i++) this.sentAt[this.sent++ % this.options.window] = now
    return n
  }

  private write(first: number, count: number): void {
    const { messages, devices, from, cadenceMs } = this.options
    const bytes = Buffer.allocUnsafe(count * messages.size)
    const clock = Date.now()
    for (let i = 0; i < count; i++) {
      const message = first + i
      const step = Math.floor(message / devices.length)
      const device = devices[message % devices.length]!
      const time = from + step * cadenceMs
      messages.write(bytes, i * messages.size, device, step, packetId(message), time, clock)
    }
    this.socket.write(bytes)
  }

  private closed(): void {
    const { reconnectMs } = this.options
    if (reconnectMs === undefined) this.broken = true
    else {
      this.away = true
      setTimeout(() => void this.openAgain(), reconnectMs)
    }
  }

  /** Refused, the socket closes, and that tries again. */
  private async openAgain(): Promise<void> {
    if (this.ending) return
    const opened = await this.open().then(
      () => true,
      () => false,
    )
    if (!opened) return
    this.away = false
    this.reconnects++
    this.carry = undefined
    if (this.sent > this.acknowledged) this.write(this.acknowledged, this.sent - this.acknowledged)
    this.onRoom()
  }

  close(): void {
    this.ending = true
    this.socket.end(Buffer.from([0xe0, 0]))
  }

  private acks(chunk: Buffer): void {
    const data = this.carry ? Buffer.concat([this.carry, chunk]) : chunk
    const now = performance.now()
    const whole = data.length & ~3
    for (let at = 0; at < whole; at += 4) {
      if (data[at] !== 0x40) throw new Error(`a packet of type ${data[at]! >> 4} where a PUBACK belongs`)
      if (data.readUInt16BE(at + 2) !== packetId(this.acknowledged)) this.outOfOrder++
      this.options.latency.add(now - this.sentAt[this.acknowledged % this.options.window]!)
      this.acknowledged++
    }
    this.carry = whole < data.length ? data.subarray(whole) : undefined
    this.onRoom()
  }
}

const packetId = (message: number): number => (message % 65_535) + 1

/** CONNECT with a clean session and without keep-alive (section 3.1). */
function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId)
  const variable = [0, 4, 77, 81, 84, 84, 4, 2, 0, 0]
  return Buffer.from([0x10, variable.length + 2 + id.length, ...variable, id.length >> 8, id.length, ...id])
}
