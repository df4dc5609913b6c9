import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { sessionFile } from '../../ingest/subscriber/sessionMemory.ts'
import { until } from '../contracts/queue.suite.ts'
import { device, firstSeen, numbers, publishAll, subscribing, versions } from '../support/subscribing.ts'
import { describeService, type Service, startService } from './harness.ts'

describeService('mosquitto', 'a Mosquitto that goes away', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const start = async (settings?: string): Promise<Service> => {
    const mosquitto = await startService('mosquitto', settings)
    closers.push(() => mosquitto.close())
    return mosquitto
  }
  const subscribed: typeof subscribing = async (...args) => {
    const opened = await subscribing(...args)
    closers.push(() => opened.subscriber.close())
    return opened
  }
  const publisher = async (url: string) => {
    const client = await device(url)
    closers.push(() => client.endAsync(true))
    return client
  }

  it.each(versions)(
    'is waited for, loses nothing that it acknowledged, and needs no restart (MQTT %s)',
    async (version) => {
      const mosquitto = await start()
      const { subscriber, intake, warnings } = await subscribed({ url: mosquitto.url, version })
      const client = await publisher(mosquitto.url)
      const sent = publishAll(client, numbers(5000))
      await until('some are kept', () => intake.kept.length > 500)
      await mosquitto.stop('SIGTERM')
      await until('it says so', () => subscriber.stats().problem?.includes('ECONNREFUSED') === true)
      expect(subscriber.stats()).toMatchObject({ connected: false, clients: 0 })
      await expect(subscriber.publish('plant/command', 'x')).rejects.toMatchObject({
        code: 'BROKER_UNAVAILABLE',
      })
      await mosquitto.start()
      await sent
      await until('all are kept', () => firstSeen(intake.texts()).length === 5000)
      expect(firstSeen(intake.texts())).toEqual(numbers(5000))
      expect(subscriber.stats()).toMatchObject({ connected: true, forgotten: 0 })
      expect(subscriber.stats().problem).toBeUndefined()
      expect(warnings).toContain('no connection to the broker')
    },
  )

  it.each(versions)('delivers what came while we were away (MQTT %s)', async (version) => {
    const mosquitto = await start()
    const first = await subscribed({ url: mosquitto.url, version })
    await first.subscriber.close()
    const client = await publisher(mosquitto.url)
    await publishAll(client, numbers(3000))
    await client.endAsync()
    await mosquitto.stop('SIGTERM')
    await mosquitto.start()
    const { intake } = await subscribed({ url: mosquitto.url, version })
    await until('all are kept', () => intake.kept.length >= 3000)
    expect(intake.texts()).toEqual(numbers(3000))
  })

  it.each(versions)('is named when it has forgotten the session (MQTT %s)', async (version) => {
    const mosquitto = await start('persistence false')
    const { subscriber, intake, warnings } = await subscribed({ url: mosquitto.url, version })
    await mosquitto.stop('SIGKILL')
    await mosquitto.start()
    await until('it is back', () => subscriber.stats().connected)
    expect(subscriber.stats()).toMatchObject({ forgotten: 1 })
    expect(warnings).toContainEqual(expect.stringContaining('the broker has forgotten our session'))
    const client = await publisher(mosquitto.url)
    await publishAll(client, ['heard'])
    await until('the new subscription delivers', () => intake.texts().includes('heard'))
  })

  it('is named, too, when it forgot the session while forewarn was stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-session-'))
    closers.push(async () => rmSync(folder, { recursive: true, force: true }))
    const mosquitto = await start('persistence false')
    const forgotten = async () => {
      const { subscriber } = await subscribing({ url: mosquitto.url }, { memory: sessionFile(folder) })
      await subscriber.close()
      return subscriber.stats().forgotten
    }
    expect(await forgotten()).toBe(0)
    expect(await forgotten()).toBe(0)
    await mosquitto.stop()
    await mosquitto.start()
    expect(await forgotten()).toBe(1)
  })

  it('is waited for at the start, too', async () => {
    const mosquitto = await start()
    await mosquitto.stop()
    const { subscriber, intake } = await subscribed({ url: mosquitto.url })
    expect(subscriber.stats()).toMatchObject({
      connected: false,
      problem: expect.stringContaining('ECONNREFUSED'),
    })
    await mosquitto.start()
    await until('it is subscribed', () => subscriber.stats().connected)
    const client = await publisher(mosquitto.url)
    await publishAll(client, ['heard'])
    await until('it hears', () => intake.kept.length === 1)
  })

  it('does not hold up the end', async () => {
    const mosquitto = await start()
    const { subscriber } = await subscribed({ url: mosquitto.url })
    await mosquitto.stop('SIGKILL')
    await until('it is gone', () => !subscriber.stats().connected)
    await pause(100)
    await subscriber.close()
    expect(subscriber.stats()).toMatchObject({ connected: false })
  })
})
