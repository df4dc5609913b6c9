import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { examine as examineAll } from '../../app/doctor.ts'
import { parseConfig } from '../../core/config.ts'
import { examineBroker } from '../../ingest/subscriber/examine/examineBroker.ts'
import { asDocumented, withoutSubscribing, withPassword } from '../support/mosquittoAccess.ts'
import { subscribing, versions } from '../support/subscribing.ts'
import { describeService, freePort, startService } from './harness.ts'

const password = 'k3v9-0aMx-27qLpZ'

describeService('mosquitto', 'the doctor at Mosquitto', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const start = async (settings: string) => {
    const mosquitto = await startService('mosquitto', settings)
    closers.push(() => mosquitto.close())
    return mosquitto
  }
  const examine = (mqtt: Record<string, unknown>) =>
    examineBroker(parseConfig({ mqtt, worker: { name: 'one' } }).mqtt)

  it.each(versions)(
    'finds nothing amiss with queues without a limit, and leaves nothing (MQTT %s)',
    async (version) => {
      const mosquitto = await start('')
      const { url } = mosquitto
      const { subscriber, intake } = await subscribing({ url, version })
      closers.push(() => subscriber.close())
      const findings = await examine({ url, version })
      expect(findings).toEqual([
        {
          what: 'MQTT broker',
          level: 'ok',
          detail: expect.stringMatching(`MQTT ${version}, mosquitto version 2`),
        },
        { what: 'MQTT queue', level: 'ok', detail: expect.stringContaining('kept 1500 of 1500') },
      ])
      expect(intake.handed).toEqual([])
      expect(subscriber.stats()).toMatchObject({ connected: true, reconnects: 0 })

      // it writes its sessions and messages down when it ends
      await mosquitto.stop('SIGTERM')
      const kept = readFileSync(join(mosquitto.folder, 'mosquitto.db'), 'latin1')
      expect(kept).toContain('forewarn-one')
      expect(kept).not.toContain('forewarn-doctor')
    },
  )

  it.each(versions)('finds a queue with the limit that is Mosquitto’s default (MQTT %s)', async (version) => {
    const { url } = await start('max_queued_messages 1000')
    const findings = await examine({ url, version })
    expect(findings).toContainEqual({
      what: 'MQTT queue',
      level: 'problem',
      detail: expect.stringMatching(/kept 10\d\d of 1500/),
      remedy: expect.stringContaining('max_queued_messages 0'),
    })
  })

  it('finds that it refuses packets which forewarn would take', async () => {
    const { url } = await start('max_packet_size 20000')
    const findings = await examine({ url })
    expect(findings).toContainEqual({
      what: 'MQTT packets',
      level: 'warning',
      detail: expect.stringContaining('20000 bytes'),
      remedy: expect.any(String),
    })
  })

  it('finds a broker that grants QoS 0 only', async () => {
    const { url } = await start('max_qos 0')
    const problems = (await examine({ url })).filter(({ level }) => level === 'problem')
    expect(problems.map(({ what }) => what)).toEqual(['MQTT QoS', 'MQTT rights'])
  })

  it('finds that it may not subscribe', async () => {
    const { settings, remove } = withoutSubscribing()
    closers.push(remove)
    const { url } = await start(settings)
    const findings = await examine({ url })
    expect(findings).toContainEqual({
      what: 'MQTT rights',
      level: 'problem',
      detail: expect.stringContaining('forewarn/#'),
      remedy: expect.stringContaining('may subscribe'),
    })
    expect(findings).toContainEqual(expect.objectContaining({ what: 'MQTT queue', level: 'warning' }))
  })

  it.each(versions)('says that it could not try where it may not publish (MQTT %s)', async (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-rights-'))
    closers.push(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'rights'), 'topic read forewarn/#\n')
    const { url } = await start(`acl_file ${join(folder, 'rights')}`)
    expect(await examine({ url, version })).toContainEqual({
      what: 'MQTT queue',
      level: 'warning',
      detail: expect.stringContaining('was not tried'),
      remedy: expect.stringContaining('forewarn-doctor/#'),
    })
  })

  it('finds nothing amiss with the example of docs/brokers.md', async () => {
    const { settings, remove } = asDocumented('forewarn', password)
    closers.push(remove)
    expect(settings).toContain('max_queued_messages 0')
    const { port } = await start(settings)
    const findings = await examine({ url: `mqtt://forewarn:${password}@127.0.0.1:${port}` })
    expect(findings.map(({ what, level }) => [what, level])).toEqual([
      ['MQTT broker', 'ok'],
      ['MQTT queue', 'ok'],
    ])
    expect(findings[0]?.detail).toContain('mosquitto version 2')
  })

  it('says why it is not let in, without the password', async () => {
    const { settings, remove } = withPassword('forewarn', password)
    closers.push(remove)
    const { port } = await start(settings)
    const findings = await examine({ url: `mqtt://forewarn:wrong-${password}@127.0.0.1:${port}` })
    expect(findings).toEqual([
      {
        what: 'MQTT broker',
        level: 'problem',
        detail: expect.stringContaining('cannot be used'),
        remedy: expect.stringContaining('mqtt.url'),
      },
    ])
    expect(JSON.stringify(findings)).not.toContain(password)
  })

  it('looks at the external broker instead of our own port', async () => {
    const { url } = await start('')
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-doctor-'))
    closers.push(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'forewarn.yaml')
    writeFileSync(file, `data: { folder: ${folder}/data }\nmqtt: { url: '${url}' }\n`)
    const findings = await examineAll(file)
    const ours = findings.filter(({ what }) => what.startsWith('MQTT'))
    expect(ours.map(({ what, level }) => [what, level])).toEqual([
      ['MQTT broker', 'ok'],
      ['MQTT queue', 'ok'],
    ])
  })

  it('names a broker that is not there', async () => {
    const findings = await examine({ url: `mqtt://127.0.0.1:${await freePort()}` })
    expect(findings).toEqual([
      {
        what: 'MQTT broker',
        level: 'problem',
        detail: expect.stringContaining('ECONNREFUSED'),
        remedy: expect.stringContaining('Start the broker'),
      },
    ])
  })
})
