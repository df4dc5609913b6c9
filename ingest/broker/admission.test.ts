import { connect as connectSocket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, describeTls, selfSigned } from '../../test/support/certificate.ts'
import { memoryLog, now, openWayIn, pump, pumpTopic, type WayIn } from './testing.ts'

const password = 'k3v9-0aMx_27qLpZ'
const users = [`line-1:${password}`, 'line-2:another-long-password']

const publish = async (wayIn: WayIn, options: object) => {
  const client = await wayIn.connect(options)
  await client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now)), { qos: 1 })
  return wayIn.log.stats().behind.store
}

describe('users', () => {
  let wayIn: WayIn
  afterEach(() => wayIn.close())

  it('lets in who knows the password', async () => {
    wayIn = await openWayIn(memoryLog(), { users })
    expect(await publish(wayIn, { username: 'line-1', password })).toBe(1)
    expect(await publish(wayIn, { username: 'line-2', password: 'another-long-password' })).toBe(2)
    expect(wayIn.broker.stats()).toEqual({ clients: 2, messages: 2, refused: 0, connected: true })
  })

  it.each([
    ['a wrong password', { username: 'line-1', password: 'another-long-password' }, 4],
    ['an unknown user', { username: 'line-3', password }, 4],
    ['a password that is empty', { username: 'line-1', password: '' }, 4],
    ['no password', { username: 'line-1' }, 5],
    ['nothing', {}, 5],
  ])('refuses %s, counts it, and takes nothing', async (_name, options, code) => {
    wayIn = await openWayIn(memoryLog(), { users })
    await expect(publish(wayIn, options)).rejects.toMatchObject({ code })
    expect(wayIn.broker.stats()).toEqual({ clients: 0, messages: 0, refused: 1, connected: true })
    expect(wayIn.log.stats().behind.store).toBe(0)
  })

  it('takes nothing that was sent without waiting for the answer to CONNECT', async () => {
    wayIn = await openWayIn(memoryLog(), { users })
    const socket = connectSocket(wayIn.broker.port, '127.0.0.1')
    const connect = '\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01z'
    const message = `\0\x05early${JSON.stringify(pump(now))}`
    socket.write(
      Buffer.from(
        `${connect}\x30${String.fromCharCode((message.length % 128) | 128, message.length >> 7)}${message}`,
        'latin1',
      ),
    )
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(wayIn.broker.stats()).toEqual({ clients: 0, messages: 0, refused: 1, connected: true })
    expect(await wayIn.log.deadLetters.list()).toEqual([])
  })

  it('asks nobody where there are none', async () => {
    wayIn = await openWayIn()
    expect(await publish(wayIn, { username: 'whoever', password: 'x' })).toBe(1)
  })
})

describeTls('TLS', () => {
  let certificate: Certificate
  let wayIn: WayIn
  beforeAll(() => {
    certificate = selfSigned()
  })
  afterAll(() => certificate.remove())
  afterEach(() => wayIn.close())
  const open = async () => {
    wayIn = await openWayIn(memoryLog(), { users, tls: certificate })
    return wayIn
  }
  const trusting = () => ({ ca: certificate.cert, username: 'line-1', password })

  it('takes readings from a client that trusts the certificate and knows the password', async () => {
    expect(await publish(await open(), trusting())).toBe(1)
  })

  it('is nothing for a client that does not trust the certificate, or speaks plainly', async () => {
    await open()
    await expect(publish(wayIn, { ...trusting(), ca: [] })).rejects.toThrow(/self.signed/)
    await expect(publish(wayIn, { ...trusting(), protocol: 'mqtt' })).rejects.toThrow()
    expect(wayIn.broker.stats()).toEqual({ clients: 0, messages: 0, refused: 0, connected: true })
    expect(await publish(wayIn, trusting())).toBe(1)
  })

  it('ends although one never finished its handshake, another never said CONNECT', async () => {
    await open()
    const { port } = wayIn.broker
    const silent = connectSocket(port, '127.0.0.1')
    const handshaken = connectTls({ port, host: '127.0.0.1', ca: certificate.cert })
    await new Promise((resolve) => handshaken.once('secureConnect', resolve))
    await wayIn.connect(trusting())
    const closed = [silent, handshaken].map((socket) => {
      socket.on('error', () => {})
      return new Promise((resolve) => socket.once('close', resolve).resume())
    })
    await wayIn.broker.close()
    await Promise.all(closed)
  })

  it('acknowledges at its end what was on its way', async () => {
    await open()
    const client = await wayIn.connect(trusting())
    const sent = Array.from({ length: 50 }, (_, i) =>
      client.publishAsync(pumpTopic('p1'), JSON.stringify(pump(now + i)), { qos: 1 }),
    )
    while (wayIn.broker.stats().messages < 50) await pause(1)
    await wayIn.broker.close()
    await Promise.all(sent)
    expect(wayIn.log.stats().behind.store).toBe(50)
  })
})
