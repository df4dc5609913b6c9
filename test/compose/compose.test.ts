import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../app/paths.ts'
import { parseConfig } from '../../core/config.ts'
import { composeText, interpolate, parseCompose, referencesIn, schemaProblems } from './composeFile.ts'
import { composeProblems } from './composeRules.ts'

const text = composeText()
const compose = parseCompose(text)
const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8')

const folder = mkdtempSync(join(tmpdir(), 'forewarn-compose-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What `npm run init` writes. */
function initialised(...args: string[]): Record<string, string> {
  const file = join(folder, `env-${args.join('-')}`)
  execFileSync(process.execPath, [join(projectRoot, 'scripts', 'init.mjs'), '--file', file, ...args])
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

describe('docker-compose.yml', () => {
  it('is what the Compose specification says', () => {
    expect(schemaProblems(compose)).toEqual([])
    expect(schemaProblems({ services: { x: { image: 7 } } })).not.toEqual([])
  })

  it('keeps every rule', () => {
    expect(composeProblems(compose)).toEqual([])
  })

  it('has the plant’s services, Mosquitto as a profile', () => {
    const images = Object.entries(compose.services).map(([name, { image }]) => `${name} ${image}`)
    expect(images.map((one) => one.match(/^\w+ \S+?:\d+(\.\d+)?/)?.[0])).toEqual([
      'forewarn forewarn:0.1',
      'influxdb influxdb:2.7',
      'redis redis:7.2',
      'postgres postgres:16.15',
      'grafana grafana/grafana-oss:11.6',
      'mosquitto eclipse-mosquitto:2.0',
    ])
    const profiles = Object.entries(compose.services).filter(([, { profiles }]) => profiles)
    expect(profiles.map(([name, { profiles }]) => [name, profiles])).toEqual([['mosquitto', ['mosquitto']]])
    expect(Object.keys(compose.services.forewarn!.depends_on!)).toEqual(['influxdb', 'redis', 'postgres'])
  })

  it('builds the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(compose.services.forewarn!.image).toBe(`forewarn:${version}`)
  })

  it('mounts only what is there, and every volume somewhere', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((v) => v.split(':')[0]!),
    )
    expect(Object.keys(compose.volumes).filter((name) => !mounts.includes(name))).toEqual([])
    const ours = mounts.filter((source) => source.startsWith('./deploy'))
    expect(ours.filter((source) => !existsSync(join(projectRoot, source)))).toEqual([])
  })

  it('asks for the secrets that `npm run init` writes, all of them and no other', () => {
    const required = new Set(
      referencesIn(text).flatMap(({ kind, name }) => (kind === 'required' ? [name] : [])),
    )
    expect([...required].sort()).toEqual(Object.keys(initialised()).sort())
    const optional = referencesIn(text).filter(({ kind }) => kind !== 'required')
    expect(optional.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
      'EMBEDDED_MQTT_PORT default',
      'FOREWARN_MQTT_URL default',
      'MOSQUITTO_PORT default',
    ])
  })

  const configWith = (env: Record<string, string>) => {
    const values = Object.entries(compose.services.forewarn!.environment!)
    return parseConfig(
      undefined,
      Object.fromEntries(values.map(([k, v]) => [k, interpolate(String(v), env)])),
    )
  }

  it('gives forewarn a configuration that it takes', () => {
    const env = initialised()
    expect(configWith(env)).toMatchObject({
      http: { host: '0.0.0.0', tokens: [`planner:${env.PLANNER_TOKEN}`], withoutTls: 'private-network' },
      mqtt: { host: '0.0.0.0', users: [`devices:${env.DEVICES_PASSWORD}`], url: '' },
      telemetry: { url: 'influx://influxdb:8086/forewarn', token: env.INFLUX_TOKEN, org: 'forewarn' },
      queue: { url: `redis://:${env.REDIS_PASSWORD}@redis:6379` },
      tickets: { url: `postgres://forewarn:${env.POSTGRES_PASSWORD}@postgres:5432/forewarn` },
    })
  })

  it('takes the readings from Mosquitto where that was chosen, each broker on a port of its own', () => {
    const env = initialised('--broker', 'mosquitto')
    expect(configWith(env).mqtt.url).toBe(`mqtt://forewarn:${env.BROKER_PASSWORD}@mosquitto:1883`)
    expect(env.COMPOSE_PROFILES).toBe('mosquitto')
    const ports = ['forewarn', 'mosquitto'].flatMap((name) => compose.services[name]!.ports!)
    const hostPorts = ports.map((port) => interpolate(port, env).split(':')[1])
    expect(new Set(hostPorts).size).toBe(hostPorts.length)
  })

  it('does not start without .env', () => {
    expect(() => configWith({})).toThrow('run npm run init')
  })

  it('sets what the provisioning files of Grafana ask for', () => {
    const set = compose.services.grafana!.environment!
    expect(unset(provisioning(), set)).toEqual([])
    expect(unset(['url: $INFLUX_URL', 'path: $ELSEWHERE'], set)).toEqual(['ELSEWHERE'])
  })

  it.runIf(spawnSync('docker-compose', ['version']).status === 0)('is taken by docker-compose', () => {
    const env = { ...process.env, ...initialised() }
    const run = () =>
      spawnSync('docker-compose', ['config', '-q'], { cwd: projectRoot, env, encoding: 'utf8' })
    expect(run()).toMatchObject({ status: 0 })
  })
})

/** The texts of dashboards/provisioning. */
function provisioning(): string[] {
  const from = join(projectRoot, 'dashboards', 'provisioning')
  if (!existsSync(from)) return []
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ya?ml$/.test(name),
  )
  return files.map((name) => readFileSync(join(from, name), 'utf8'))
}

/** Variables that Grafana would find empty; its own `$__...` and comments aside. */
const unset = (texts: readonly string[], set: object): string[] =>
  texts
    .flatMap((one) => one.split('\n').filter((line) => !line.trim().startsWith('#')))
    .flatMap((line) => [...line.matchAll(/\$\{?([A-Z][A-Z0-9_]*)\}?/g)].map(([, name]) => name!))
    .filter((name) => !(name in set))

describe('the services’ own files', () => {
  it('let Redis forget nothing', () => {
    const conf = read('deploy', 'redis', 'redis.conf')
    expect(conf).toMatch(/^appendonly yes$/m)
    expect(conf).toMatch(/^maxmemory-policy noeviction$/m)
    expect(conf).toMatch(/^protected-mode yes$/m)
  })

  it('let Mosquitto keep what it has acknowledged, and nobody in without a password', () => {
    const conf = read('deploy', 'mosquitto', 'mosquitto.conf')
    for (const line of [
      'persistence true',
      'max_queued_messages 0',
      'autosave_interval 1',
      'allow_anonymous false',
    ])
      expect(conf.split('\n')).toContain(line)
    expect(conf).toMatch(/^max_queued_bytes [1-9]\d+$/m)
  })

  it('set InfluxDB and PostgreSQL up without a default', () => {
    expect(compose.services.influxdb!.environment).toMatchObject({ DOCKER_INFLUXDB_INIT_MODE: 'setup' })
    expect(compose.services.postgres!.environment).toMatchObject({
      POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256',
    })
  })
})
