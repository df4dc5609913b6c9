import { setTimeout as pause } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { memoryOnly } from '../../ingest/subscriber/sessionMemory.ts'
import { startSubscriber } from '../../ingest/subscriber/subscriber.ts'
import { inletContract } from '../contracts/inlet.suite.ts'
import { until } from '../contracts/queue.suite.ts'
import { startRelay } from '../support/relay.ts'
import {
  device,
  firstSeen,
  numbers,
  publishAll,
  pumpTopic,
  type Subscribed,
  subscribing,
  versions,
} from '../support/subscribing.ts'
import { describeService, type Service, startService } from './harness.ts'

describeService('mosquitto', 'subscriber at Mosquitto', () => {
  let mosquitto: Service
  const open: { close(): Promise<void> }[] = []
  const clients: MqttClient[] = []

  beforeAll(async () => {
    mosquitto = await startService('mosquitto', 'max_inflight_messages 0')
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.endAsync(true)
    for (const one of open.splice(0)) await one.close()
  })
  afterAll(() => mosquitto.close())

  const subscribed = async (...args: Parameters<typeof subscribing>): Promise<Subscribed> => {
    const opened = await subscribing(...args)
    open.push({
      close: () => {
        opened.intake.release()
        return opened.subscriber.close()
      },
    })
    return opened
  }
  const publisher = async (url = mosquitto.url) => {
    const client = await device(url)
    clients.push(client)
    return client
  }
  /** Each test has a session of its own. */
  let sessions = 0
  const freshId = () => `forewarn-test-${++sessions}`

  describe.each(versions)('MQTT %s', (version) => {
    inletContract(`subscriber at Mosquitto, MQTT ${version}`, async (intake) => {
      const config = parseConfig({ mqtt: { url: mosquitto.url, version } }).mqtt
      const inlet = await startSubscriber({
        config,
        clientId: freshId(),
        topics: ['forewarn/#'],
        intake,
        logger: { info: () => {}, warn: () => {}, debug: () => {} },
        timing: { firstWaitMs: 20, longestWaitMs: 200 },
      })
      return { inlet, url: mosquitto.url, cleanUp: async () => {} }
    })

    it('acknowledges what the log has, and nothing else: killed, the rest comes again', async () => {
      const clientId = freshId()
      const relay = await startRelay(mosquitto.port)
      const url = `mqtt://127.0.0.1:${relay.port}`
      const first = await subscribed({ url, version }, { clientId })
      const client = await publisher()
      await publishAll(client, numbers(3))
      await until('three are kept', () => first.intake.kept.length === 3)
      await pause(50)
      first.intake.hold()
      await publishAll(client, numbers(5, 3))
      await until('five wait', () => first.intake.waiting === 5)
      relay.interrupt()

      const second = await subscribed({ url: mosquitto.url, version }, { clientId })
      await until('the five came again', () => second.intake.kept.length === 5)
      expect(second.intake.texts()).toEqual(numbers(5, 3))
      expect(second.subscriber.stats()).toMatchObject({ redelivered: 5, forgotten: 0 })
      await second.subscriber.close()

      const third = await subscribed({ url: mosquitto.url, version }, { clientId })
      await publishAll(client, ['next'])
      await until('the next came', () => third.intake.kept.length === 1)
      expect(third.intake.texts(third.intake.handed)).toEqual(['next'])
      first.intake.release()
      await relay.close()
    })

    it('loses nothing and keeps the order through connections that break under load', async () => {
      const relay = await startRelay(mosquitto.port)
      const url = `mqtt://127.0.0.1:${relay.port}`
      const { subscriber, intake } = await subscribed({ url, version }, { clientId: freshId() })
      const client = await publisher()
      const sent = publishAll(client, numbers(6000))
      for (const mark of [500, 2000, 4000]) {
        await until(`${mark} are kept`, () => intake.kept.length > mark)
        relay.cut()
      }
      await sent
      await until('all are kept', () => firstSeen(intake.texts()).length === 6000)
      expect(firstSeen(intake.texts())).toEqual(numbers(6000))
      expect(subscriber.stats()).toMatchObject({ connected: true, forgotten: 0, inFlight: 0 })
      expect(subscriber.stats().reconnects).toBeGreaterThan(0)
      await relay.close()
    })

    it('has no more on its way than the receive maximum, and is not taken for dead while that is held', async () => {
      const { subscriber, intake } = await subscribed(
        { url: mosquitto.url, version, receiveMaximum: 7 },
        { clientId: freshId(), timing: { keepaliveSeconds: 1 } },
      )
      intake.hold()
      const client = await publisher()
      await publishAll(client, numbers(500))
      await until('seven wait', () => intake.waiting === 7)
      // twice what either side waits for a sign of life
      await pause(3_500)
      expect(intake.handed).toHaveLength(7)
      expect(subscriber.stats()).toMatchObject({ reconnects: 0, connected: true, inFlight: 7 })
      intake.release()
      await until('all are kept', () => intake.kept.length === 500)
      expect(intake.texts()).toEqual(numbers(500))
    })

    it('takes what an older session delivers with QoS 2, once', async () => {
      const clientId = freshId()
      const session = {
        clientId,
        clean: false,
        protocolVersion: version === '5' ? (5 as const) : (4 as const),
      }
      const older = await device(mosquitto.url, {
        ...session,
        ...(version === '5' ? { properties: { sessionExpiryInterval: 60 } } : {}),
      })
      await older.subscribeAsync(pumpTopic(), { qos: 2 })
      await older.endAsync()
      const client = await publisher()
      await publishAll(client, numbers(50), pumpTopic(), 2)
      const { subscriber, intake } = await subscribed({ url: mosquitto.url, version }, { clientId })
      await until('all are kept', () => intake.kept.length >= 50)
      await subscriber.close()
      const next = await subscribed({ url: mosquitto.url, version }, { clientId })
      await publishAll(client, ['next'], 'forewarn/next')
      await until('the next came', () => next.intake.texts().includes('next'))
      expect(next.intake.texts()).toEqual(['next'])
      expect(intake.texts()).toEqual(numbers(50))
    })

    it('shares a subscription with another process', async () => {
      const mqtt = { url: mosquitto.url, version, shareGroup: `group-${version === '5' ? 5 : 3}` }
      const [one, two] = [
        await subscribed(mqtt, { clientId: freshId() }),
        await subscribed(mqtt, { clientId: freshId() }),
      ]
      const client = await publisher()
      await publishAll(client, numbers(200))
      await until('all are kept', () => one.intake.kept.length + two.intake.kept.length === 200)
      expect([one.intake.kept.length, two.intake.kept.length]).toEqual([100, 100])
      expect(new Set([...one.intake.texts(), ...two.intake.texts()]).size).toBe(200)
      expect(one.subscriber.stats()).toMatchObject({ shareGroup: mqtt.shareGroup })
    })

    it('no longer gets what only an earlier configuration subscribed to', async () => {
      const clientId = freshId()
      const memory = memoryOnly()
      const before = await subscribed(
        { url: mosquitto.url, version },
        { clientId, memory, topics: ['before/#'] },
      )
      await before.subscriber.close()
      const { intake } = await subscribed({ url: mosquitto.url, version }, { clientId, memory })
      const client = await publisher()
      await publishAll(client, ['old'], 'before/p1')
      await publishAll(client, ['new'])
      await until('the new one came', () => intake.kept.length > 0)
      expect(intake.texts()).toEqual(['new'])
      expect(memory.recall()?.filters).toEqual(['forewarn/#'])
    })
  })

  it('hints at another process that uses its client id', async () => {
    const clientId = freshId()
    const one = await subscribed({ url: mosquitto.url }, { clientId, timing: { firstWaitMs: 60_000 } })
    await subscribed({ url: mosquitto.url }, { clientId })
    await until('it says so', () => one.subscriber.stats().problem !== undefined)
    expect(one.subscriber.stats().problem).toContain(`does another client use the id ${clientId}, too?`)
  })
})
