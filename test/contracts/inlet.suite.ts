import { setTimeout as pause } from 'node:timers/promises'
import mqtt, { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ForewarnError } from '../../core/errors.ts'
import type { Inlet } from '../../ingest/inlet.ts'
import { ScriptedIntake } from '../support/scriptedIntake.ts'
import { until } from './queue.suite.ts'

export interface InletUnderTest {
  readonly inlet: Inlet
  /** Where devices publish to. */
  readonly url: string
  cleanUp(): Promise<void>
}

const topic = 'forewarn/north/pump/p1/telemetry'
const numbers = (n: number) => Array.from({ length: n }, (_, i) => String(i))

/** What every way in must do; `make` is called for every test. */
export function inletContract(name: string, make: (intake: ScriptedIntake) => Promise<InletUnderTest>): void {
  describe(`inlet: ${name}`, () => {
    let intake: ScriptedIntake
    let test: InletUnderTest
    const clients: MqttClient[] = []

    const connect = async (options: IClientOptions = {}) => {
      const client = await connectAsync(test.url, { reconnectPeriod: 100, ...options })
      clients.push(client)
      return client.on('error', () => {})
    }
    beforeEach(async () => {
      intake = new ScriptedIntake()
      test = await make(intake)
    })
    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
      await test.inlet.close()
      await test.cleanUp()
    })

    it.each([0, 1, 2] as const)('hands over topic and bytes of QoS %d unharmed', async (qos) => {
      const device = await connect()
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
      await device.publishAsync('forewarn/süd/pump/p1/telemetry', bytes, { qos })
      await until('it is kept', () => intake.kept.length === 1)
      expect(intake.kept[0]!.topic).toBe('forewarn/süd/pump/p1/telemetry')
      expect(intake.kept[0]!.payload.equals(bytes)).toBe(true)
    })

    it('keeps everything that a device got acknowledged, in its order', async () => {
      const device = await connect()
      await Promise.all(numbers(2000).map((n) => device.publishAsync(topic, n, { qos: 1 })))
      await until('all are kept', () => intake.kept.length >= 2000)
      expect(intake.texts()).toEqual(numbers(2000))
      expect(test.inlet.stats()).toMatchObject({ messages: 2000, refused: 0, connected: true })
      expect(test.inlet.stats().problem).toBeUndefined()
    })

    it('gets again what the intake refused, until it is kept', async () => {
      intake.refuse(new ForewarnError('LOG_FULL', { cap: 1 }))
      const device = mqtt.connect(test.url, { reconnectPeriod: 100, reconnectOnConnackError: true })
      clients.push(device.on('error', () => {}))
      const sent = numbers(20).map((n) => device.publishAsync(topic, n, { qos: 1 }))
      await until('one was refused', () => intake.handed.length > 0)
      await pause(500)
      expect(intake.kept).toEqual([])
      intake.refuse()
      await Promise.all(sent)
      await until('all are kept', () => new Set(intake.texts()).size === 20)
      expect([...new Set(intake.texts())]).toEqual(numbers(20))
    })

    it('goes on past a payload of any size, of which it hands over the beginning', async () => {
      const device = await connect()
      const large = Buffer.alloc(3 * 1024 ** 2, 'x')
      await device.publishAsync(topic, large, { qos: 1 })
      await device.publishAsync(topic, 'next', { qos: 1 })
      await until('both are kept', () => intake.kept.length === 2)
      const [first, second] = intake.kept
      expect(first).toMatchObject({ topic, oversized: large.length })
      expect(first!.payload).toHaveLength(4096)
      expect(second!.payload.toString()).toBe('next')
    })

    it.each([0, 1] as const)('publishes to devices with QoS %d', async (qos) => {
      const device = await connect()
      const heard: string[] = []
      device.on('message', (to, payload) => heard.push(`${to} ${payload}`))
      await device.subscribeAsync('plant/+/command', { qos: 1 })
      await test.inlet.publish('plant/p1/command', Buffer.from('rebirth'), { qos })
      await until('the device has heard it', () => heard.length === 1)
      expect(heard).toEqual(['plant/p1/command rebirth'])
      expect(intake.handed).toEqual([])
    })

    it('waits at its end for what is on its way', async () => {
      intake.hold()
      const device = await connect()
      device.publishAsync(topic, 'on its way', { qos: 1 }).catch(() => {})
      await until('it waits', () => intake.waiting === 1)
      let ended = false
      const closing = Promise.all([test.inlet.close(), test.inlet.close()]).then(() => {
        ended = true
      })
      await pause(50)
      expect(ended).toBe(false)
      intake.release()
      await closing
      expect(intake.texts()).toEqual(['on its way'])
      expect(test.inlet.stats()).toMatchObject({ connected: false, clients: 0 })
    })
  })
}
