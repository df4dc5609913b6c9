import { connect as connectSocket, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { OpenLog } from '../log/log.ts'
import { startBroker } from './broker.ts'
import { memoryLog, now, openWayIn, publishPacket, pump, pumpTopic, quiet, type WayIn } from './testing.ts'

/** A log whose appends wait until the test lets them go. */
function heldLog(): OpenLog & { release(error?: Error): void; waiting(): number } {
  const inner = memoryLog()
  const held: { resolve(): void; reject(error: Error): void }[] = []
  return Object.assign(Object.create(inner) as OpenLog, {
    append: (...args: Parameters<OpenLog['append']>) =>
      new Promise<void>((resolve, reject) => held.push({ resolve, reject })).then(() =>
        inner.append(...args),
      ),
    release: (error?: Error) => {
      for (const { resolve, reject } of held.splice(0)) error ? reject(error) : resolve()
    },
    waiting: () => held.length,
  })
}

/** Message ids in the order in which the broker acknowledged them. */
function acknowledgements(client: MqttClient): number[] {
  const ids: number[] = []
  client.on('packetreceive', (packet) => {
    if (packet.cmd === 'puback') ids.push(packet.messageId!)
  })
  return ids
}

/** Subscribes to everything and never reads again. */
function frozenSubscriber(port: number): Promise<Socket> {
  const socket = connectSocket(port, '127.0.0.1')
  const connect = Buffer.from('\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01z', 'latin1')
  const subscribe = Buffer.from('\x82\x06\0\x01\0\x01#\0', 'latin1')
  return new Promise((resolve) => {
    socket.once('data', () => {
      socket.pause()
      socket.write(subscribe, () => setTimeout(resolve, 50, socket))
    })
    socket.write(connect)
  })
}

/** A connection by hand, which sends what it is given at once, and the message ids that come back. */
async function floodingDevice(port: number, packets: readonly Buffer[]) {
  const socket = connectSocket(port, '127.0.0.1')
  const acks: number[] = []
  let left = Buffer.alloc(0)
  await new Promise<void>((resolve) => {
    socket.once('data', () => resolve())
    socket.write(Buffer.from('\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01f', 'latin1'))
  })
  socket.on('data', (chunk) => {
    left = Buffer.concat([left, chunk])
    for (; left.length >= 4; left = left.subarray(4)) acks.push(left.readUInt16BE(2))
  })
  socket.write(Buffer.concat(packets))
  return { socket, acks }
}

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 500 && !condition(); i++) await pause(5)
  expect(condition()).toBe(true)
}

describe('broker', () => {
  let wayIn: WayIn
  afterEach(() => wayIn.close())

  it('acknowledges QoS 1 only after the log has it, in the order of arrival', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    const client = await wayIn.connect()
    const acks = acknowledgements(client)
    const sent = [0, 1, 2].map((i) =>
      client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now + i)), { qos: 1 }),
    )
    await until(() => log.waiting() === 3)
    await pause(50)
    expect(acks).toEqual([])
    log.release()
    await Promise.all(sent)
    expect(acks).toEqual([...acks].sort((a, b) => a - b))
    expect(log.stats().behind).toEqual({ store: 3 })
  })

  it('reads no further than it may from a device that floods, and goes on where it stopped', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    const payload = (i: number) => Buffer.from(JSON.stringify(pump(now - i)))
    const ids = Array.from({ length: 9_000 }, (_, i) => i + 1)
    const { socket, acks } = await floodingDevice(
      wayIn.broker.port,
      // of the later ones every hundredth is the broker's own to handle and acknowledge, in its place
      ids.map((id) =>
        id > 5_000 && id % 100 === 0
          ? publishPacket('forewarn/north/pump/p1/status', Buffer.from('"here"'), id)
          : publishPacket(pumpTopic('p1'), payload(id), id),
      ),
    )
    await until(() => log.waiting() >= 2_000)
    await pause(100)
    // what came with the last piece of the stream is taken, too
    expect(log.waiting()).toBeLessThan(2_500)
    for (let turn = 0; turn < 1_000 && acks.length < ids.length; turn++) {
      log.release()
      await pause(5)
    }
    expect(acks).toEqual(ids)
    socket.destroy()
  })

  it('acknowledges in order of arrival although a later message is ready first', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    const client = await wayIn.connect()
    const acks = acknowledgements(client)
    const event = JSON.stringify({ time: now, kind: 'repaired' })
    const slow = client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 })
    const quick = client.publishAsync('forewarn/north/pump/p1/event', event, { qos: 1 })
    await until(() => wayIn.events.length === 1 && log.waiting() === 1)
    await pause(30)
    expect(acks).toEqual([])
    log.release()
    await Promise.all([slow, quick])
    expect(acks).toHaveLength(2)
    expect(acks[0]!).toBeLessThan(acks[1]!)
  })

  it('puts QoS 0 and QoS 2 telemetry into the log, too', async () => {
    wayIn = await openWayIn()
    const client = await wayIn.connect()
    client.publish(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 0 })
    await client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now + 1)), { qos: 2 })
    expect(wayIn.log.stats().behind).toEqual({ store: 2 })
  })

  it('closes the connection unacknowledged when the log is full, and refuses new ones meanwhile', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    const client = await wayIn.connect()
    const acks = acknowledgements(client)
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 }).catch(() => {})
    await until(() => log.waiting() === 1)
    log.release(new ForewarnError('LOG_FULL', { cap: 1 }))
    await closed
    expect(acks).toEqual([])
    expect(wayIn.intake.stats()).toMatchObject({ unacknowledged: 1, readings: 0 })
    await expect(wayIn.connect()).rejects.toThrow(/Server unavailable/)
    await pause(1100)
    const again = await wayIn.connect()
    const sent = again.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 })
    await until(() => log.waiting() === 1)
    log.release()
    await sent
    expect(log.stats().behind).toEqual({ store: 1 })
  })

  it('opens the door again in time though somebody has set the clock back meanwhile', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    const client = await wayIn.connect()
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    try {
      client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 }).catch(() => {})
      await until(() => log.waiting() === 1)
      log.release(new ForewarnError('LOG_FULL', { cap: 1 }))
      await closed
    } finally {
      vi.useRealTimers()
    }
    await pause(1100)
    await wayIn.connect()
  })

  it('does not route telemetry, so that a subscriber that stops reading stalls nobody', async () => {
    wayIn = await openWayIn()
    const frozen = await frozenSubscriber(wayIn.broker.port)
    const client = await wayIn.connect()
    // 30 MB: more than the socket's buffers and the broker's 100 deliveries at once can take
    const padding = ' '.repeat(10_000)
    const started = Date.now()
    const sent = Array.from({ length: 3000 }, (_, i) =>
      client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now + i)) + padding, { qos: 1 }),
    )
    await Promise.all(sent)
    expect(Date.now() - started).toBeLessThan(8000)
    expect(wayIn.log.stats().behind).toEqual({ store: 3000 })
    frozen.destroy()
  })

  it('routes and retains status, and hears a last will', async () => {
    wayIn = await openWayIn()
    const topic = 'forewarn/north/pump/p1/status'
    const device = await wayIn.connect({
      will: { topic, payload: Buffer.from('offline'), qos: 1, retain: true },
    })
    await device.publishAsync(topic, 'online', { qos: 1, retain: true })
    const watcher = await wayIn.connect()
    const heard: string[] = []
    watcher.on('message', (_topic, payload) => heard.push(payload.toString()))
    await watcher.subscribeAsync('forewarn/+/+/+/status')
    await until(() => heard.length === 1)
    device.stream.destroy()
    await until(() => heard.length === 2)
    expect(heard).toEqual(['online', 'offline'])
    expect(wayIn.statuses).toEqual(['p1: online', 'p1: offline'])
  })

  it('says which port is in use and how to take another', async () => {
    wayIn = await openWayIn()
    const config = { ...parseConfig({}).mqtt, port: wayIn.broker.port }
    const second = startBroker({ config, intake: wayIn.intake, logger: quiet })
    await expect(second).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(wayIn.broker.port)),
      remedy: expect.stringContaining('mqtt.port'),
    })
  })

  it('counts clients and messages', async () => {
    wayIn = await openWayIn()
    const client = await wayIn.connect()
    await client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 })
    expect(wayIn.broker.stats()).toEqual({ clients: 1, messages: 1, refused: 0, connected: true })
  })

  it('waits at its end for what is on its way, acknowledges that and takes no more', async () => {
    const log = heldLog()
    wayIn = await openWayIn(log)
    connectSocket(wayIn.broker.port, '127.0.0.1').on('error', () => {}) // never says CONNECT
    const client = await wayIn.connect()
    const acks = acknowledgements(client)
    const sent = client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 })
    await until(() => log.waiting() === 1)
    let ended = false
    const closing = wayIn.broker.close().then(() => {
      ended = true
    })
    client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now + 1)), { qos: 1 }).catch(() => {})
    await pause(50)
    expect(ended).toBe(false)
    log.release()
    await Promise.all([sent, closing])
    expect(acks).toHaveLength(1)
    expect(log.stats().behind).toEqual({ store: 1 })
  })
})
