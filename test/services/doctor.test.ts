import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { examine } from '../../app/doctor.ts'
import { defaultFolders } from '../../app/paths.ts'
import { describeServices, type Service, startService } from './harness.ts'

describeServices(['influxd', 'redis-server', 'postgres', 'mosquitto'], 'forewarn doctor on services', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-doctor-'))
  const services: Service[] = []
  const start = async (...args: Parameters<typeof startService>) => {
    const service = await startService(...args)
    services.push(service)
    return service
  }
  let config: Record<string, Record<string, unknown>>

  beforeAll(async () => {
    const [influx, redis, postgres, mosquitto] = await Promise.all([
      start('influxd'),
      start('redis-server'),
      start('postgres'),
      start('mosquitto'),
    ])
    config = {
      data: { folder: join(folder, 'data') },
      http: { port: 0 },
      telemetry: { url: `${influx.url}/doctor` },
      queue: { url: redis.url },
      tickets: { url: postgres.url },
      mqtt: { url: mosquitto.url },
      mapping: { file: join(defaultFolders.catalogue, 'mappings', 'plc-numbers.yaml') },
    }
  }, 60_000)
  afterAll(async () => {
    for (const service of services) await service.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function findings(changes: Record<string, Record<string, unknown>> = {}) {
    const file = join(folder, 'forewarn.yaml')
    writeFileSync(file, stringify({ ...config, ...changes }))
    return examine(file)
  }

  it('names every service with its version, and finds nothing that would stop a start', async () => {
    const found = await findings()
    expect(found.filter(({ level }) => level === 'problem')).toEqual([])
    const detailOf = (what: string) =>
      found
        .filter((one) => one.what === what)
        .map((one) => one.detail)
        .join('; ')
    expect(detailOf('telemetry')).toMatch(/InfluxDB 1\.\d/)
    expect(detailOf('queue')).toMatch(/Redis \d/)
    expect(detailOf('tickets')).toMatch(/PostgreSQL \d+/)
    expect(detailOf('mapping')).toContain('plc-numbers.yaml')
    expect(found.some(({ detail }) => /mosquitto/i.test(detail))).toBe(true)
  }, 60_000)

  it('finds what would lose data: a Redis that evicts, a broker that queues a thousand messages', async () => {
    const evicting = await start('redis-server', 'maxmemory-policy allkeys-lru')
    const forgetful = await start('mosquitto', 'max_queued_messages 1000')
    const found = await findings({ queue: { url: evicting.url }, mqtt: { url: forgetful.url } })
    const problems = found.filter(({ level }) => level === 'problem')
    expect(problems.map(({ remedy }) => remedy).join('\n')).toMatch(
      /noeviction[\s\S]*max_queued_messages 0|max_queued_messages 0[\s\S]*noeviction/,
    )
  }, 60_000)

  it('says of each service that is away how to go on', async () => {
    const away = await findings({
      telemetry: { url: 'influx://127.0.0.1:1/doctor' },
      queue: { url: 'redis://127.0.0.1:1' },
      tickets: { url: 'postgres://forewarn@127.0.0.1:1/postgres' },
      mqtt: { url: 'mqtt://127.0.0.1:1' },
    })
    const problems = away.filter(({ level }) => level === 'problem')
    expect(new Set(problems.map(({ what }) => what)).size).toBe(4)
    expect(problems.every(({ remedy }) => (remedy ?? '').length > 0)).toBe(true)
  }, 60_000)
})
