import { afterEach, expect, it } from 'vitest'
import { ForewarnError } from '../../core/errors.ts'
import { until } from '../contracts/queue.suite.ts'
import { describeTls, selfSigned } from '../support/certificate.ts'
import { type Guarded, withoutSubscribing, withPassword } from '../support/mosquittoAccess.ts'
import { device, publishAll, subscribing, versions } from '../support/subscribing.ts'
import { describeService, freePort, startService } from './harness.ts'

const password = 'k3v9/0aMx@27q?Lp'
const encoded = encodeURIComponent(password)

describeService('mosquitto', 'a Mosquitto that does not let everybody in', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const start = async (settings: string) => {
    const mosquitto = await startService('mosquitto', settings)
    closers.push(() => mosquitto.close())
    return mosquitto
  }
  const guarded = ({ settings, remove }: Guarded) => {
    closers.push(remove)
    return start(settings)
  }
  const subscribed: typeof subscribing = async (...args) => {
    const opened = await subscribing(...args)
    closers.push(() => opened.subscriber.close())
    return opened
  }
  const refused = async (mqtt: Record<string, unknown>): Promise<ForewarnError> => {
    const error = await subscribing(mqtt).then(
      ({ subscriber }) => subscriber.close().then(() => undefined),
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(ForewarnError)
    return error
  }

  it.each(versions)(
    'lets us in with the user and password of mqtt.url, or says why not (MQTT %s)',
    async (version) => {
      const { port, url } = await guarded(withPassword('forewarn', password))
      const good = `mqtt://forewarn:${encoded}@127.0.0.1:${port}`
      const { subscriber, intake } = await subscribed({ url: good, version })
      expect(subscriber.stats()).toMatchObject({ connected: true, broker: `mqtt://127.0.0.1:${port}` })
      const client = await device(good)
      closers.push(() => client.endAsync(true))
      await publishAll(client, ['heard'])
      await until('it is heard', () => intake.kept.length === 1)

      for (const wrong of [`mqtt://forewarn:not-${encoded}@127.0.0.1:${port}`, url]) {
        const error = await refused({ url: wrong, version })
        expect(error).toMatchObject({ code: 'BROKER_MISCONFIGURED', next: 'stop' })
        expect(error.details).toMatchObject({ url: `mqtt://127.0.0.1:${port}`, problem: expect.any(String) })
        expect(`${error.message} ${error.remedy}`).not.toMatch(/k3v9|0aMx/)
        expect(error.remedy).toContain('mqtt.url')
      }
    },
  )

  it('is named by the problem when it changes its mind at run time', async () => {
    const mosquitto = await start('')
    const { subscriber } = await subscribed({ url: mosquitto.url })
    const { settings, remove } = withPassword('forewarn', password)
    closers.push(remove)
    await mosquitto.stop()
    const strict = await startService('mosquitto', `${settings}\nlistener ${mosquitto.port} 127.0.0.1`)
    closers.push(() => strict.close())
    await until('it says so', () => subscriber.stats().problem?.includes('not authorised') === true)
    expect(subscriber.stats()).toMatchObject({ connected: false })
  })

  it.each(versions)('names a subscription that is not granted (MQTT %s)', async (version) => {
    const { url } = await guarded(withoutSubscribing())
    const error = await refused({ url, version })
    expect(error).toMatchObject({
      code: 'BROKER_MISCONFIGURED',
      message: expect.stringContaining('subscription to forewarn/#'),
      remedy: expect.stringContaining('may subscribe to forewarn/#'),
      details: { url, setting: expect.any(String) },
    })
  })

  it.each(versions)('names a broker that grants QoS 0 only (MQTT %s)', async (version) => {
    const { url } = await start('max_qos 0')
    const error = await refused({ url, version })
    expect(error).toMatchObject({
      code: 'BROKER_MISCONFIGURED',
      message: expect.stringContaining('QoS 0 only'),
      remedy: expect.stringContaining('max_qos'),
    })
  })

  describeTls('over TLS', () => {
    const secure = async () => {
      const certificate = selfSigned()
      const port = await freePort()
      const files = `certfile ${certificate.certFile}\nkeyfile ${certificate.keyFile}`
      const mosquitto = await start(`listener ${port} 127.0.0.1\n${files}`)
      closers.push(() => certificate.remove())
      return { plain: mosquitto.port, port, caFile: certificate.certFile }
    }

    it('is trusted with mqtt.caFile', async () => {
      const { port, plain, caFile } = await secure()
      const { intake } = await subscribed({ url: `mqtts://localhost:${port}`, caFile })
      const client = await device(`mqtt://127.0.0.1:${plain}`)
      closers.push(() => client.endAsync(true))
      await publishAll(client, ['heard'])
      await until('it is heard', () => intake.texts().includes('heard'))
    })

    it('is named when it is not trusted, or when one side speaks TLS and the other does not', async () => {
      const { port, plain, caFile } = await secure()
      expect(await refused({ url: `mqtts://127.0.0.1:${port}` })).toMatchObject({
        code: 'BROKER_MISCONFIGURED',
        message: expect.stringContaining('certificate is not trusted'),
        remedy: expect.stringContaining('mqtt.caFile'),
      })
      const wrong = [
        { url: `mqtts://127.0.0.1:${plain}`, caFile, says: 'if not, mqtt://' },
        { url: `mqtt://127.0.0.1:${port}`, says: 'then mqtts://' },
      ]
      for (const { says, ...mqtt } of wrong) {
        const { subscriber } = await subscribed(mqtt)
        expect(subscriber.stats()).toMatchObject({ connected: false, problem: expect.stringContaining(says) })
      }
    })
  })
})
