import { describe, expect, it } from 'vitest'
import { configKeys, environmentName, parseConfig } from './config.ts'
import { messageOf } from './errors.ts'

const secret = 'k3v9-0aMx_27qLpZ'

/** The message with which a config is refused. */
function refusal(input: object): string {
  try {
    parseConfig(input)
  } catch (thrown) {
    return messageOf(thrown)
  }
  throw new Error('it was accepted')
}

describe('parseConfig', () => {
  it('fills every key with its default and freezes the result', () => {
    const config = parseConfig(undefined)
    expect(config.mqtt).toMatchObject({
      url: '',
      host: '127.0.0.1',
      port: 1883,
      maxPayloadBytes: 262_144,
      users: [],
      tlsCert: '',
      tlsKey: '',
    })
    expect(Object.isFrozen(config.mqtt)).toBe(true)
  })

  it('lays the environment over the file', () => {
    const config = parseConfig(
      { http: { port: 9000, host: '::1' } },
      { FOREWARN_HTTP_PORT: '9001', FOREWARN_LOGLEVEL: 'warn' },
    )
    expect(config.http).toMatchObject({ port: 9001, host: '::1' })
    expect(config.logLevel).toBe('warn')
  })

  it('takes an empty variable as not set', () => {
    expect(parseConfig({ http: { port: 9000 } }, { FOREWARN_HTTP_PORT: '' }).http.port).toBe(9000)
  })

  it('splits a list from the environment', () => {
    expect(parseConfig({}, { FOREWARN_HTTP_ALLOWEDHOSTS: 'a.example,b.example' }).http.allowedHosts).toEqual([
      'a.example',
      'b.example',
    ])
  })

  it.each([
    [{ http: { port: 'eighty' } }, 'http.port'],
    [{ http: { port: 70_000 } }, 'http.port'],
    [{ http: { port: '' } }, 'http.port'],
    [{ telemetry: { url: 'mysql://x' } }, 'telemetry.url'],
    [{ policy: { k: 5, n: 4 } }, 'policy.k'],
    [{ policy: { raiseAt: 0.3, clearBelow: 0.4 } }, 'policy.clearBelow'],
    [[1], '(root)'],
  ])('refuses %j and names %s', (input, path) => {
    expect(() => parseConfig(input)).toThrow(path)
  })

  it('refuses an unknown key by its name', () => {
    expect(() => parseConfig({ mqtt: { prot: 1 } })).toThrow(/prot/)
  })

  it('refuses a number in the environment that is none', () => {
    expect(() => parseConfig({}, { FOREWARN_MQTT_PORT: '18x' })).toThrow('mqtt.port')
  })

  it('takes names with secrets, also from the environment', () => {
    const env = { FOREWARN_HTTP_TOKENS: `anna:${secret},ben:${secret}-2` }
    expect(parseConfig({ mqtt: { users: [`p1:${secret}`] } }, env)).toMatchObject({
      http: { tokens: [`anna:${secret}`, `ben:${secret}-2`] },
      mqtt: { users: [`p1:${secret}`] },
    })
  })

  it.each([
    [{ http: { tokens: ['anna:too-short'] } }, 'http.tokens.0', 'too-short'],
    [{ http: { tokens: [secret] } }, 'http.tokens.0', secret],
    [{ mqtt: { users: [`p1:${secret}`, `p2:${secret}:x`] } }, 'mqtt.users.1', secret],
  ])('refuses %j, names %s and does not repeat the secret', (input, path, hidden) => {
    const message = refusal(input)
    expect(message).toContain(path)
    expect(message).toMatch(/expected name:\w+, .* 16 or more/)
    expect(message).not.toContain(hidden)
  })

  it('describes every key', () => {
    const keys = configKeys()
    expect(keys.filter((key) => key.description === '')).toEqual([])
    expect(new Set(keys.map((key) => environmentName(key.path))).size).toBe(keys.length)
  })
})

describe('an external broker', () => {
  const url = 'mqtt://broker.example'

  it.each([
    [{ mqtt: { shareGroup: 'g' }, worker: { name: 'one' } }, 'mqtt.shareGroup is not valid'],
    [{ mqtt: { shareGroup: 'g', url } }, 'worker.name is not valid'],
    [{ mqtt: { caFile: 'ca.pem', url } }, 'mqtt.caFile is not valid'],
    [{ mqtt: { caFile: 'ca.pem' } }, 'mqtt.caFile is not valid'],
    [{ mqtt: { url: 'http://broker.example' } }, 'mqtt.url is not valid'],
  ])('refuses %j', (input, message) => {
    expect(refusal(input)).toContain(message)
  })

  it('takes a share group of processes with names, and an authority for TLS', () => {
    const mqtt = { url: 'mqtts://broker.example', shareGroup: 'g', caFile: 'ca.pem' }
    expect(parseConfig({ mqtt, worker: { name: 'one' } }).mqtt).toMatchObject(mqtt)
  })
})

describe('beyond loopback', () => {
  const tls = { tlsCert: 'cert.pem', tlsKey: 'key.pem' }
  const sections = [
    ['http', 'tokens'],
    ['mqtt', 'users'],
  ] as const

  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('%s needs nothing', (host) => {
    expect(parseConfig({ http: { host }, mqtt: { host } }).http.host).toBe(host)
  })

  it.each(sections)('%s needs %s and TLS, and says which is missing', (section, key) => {
    const credentials = { [key]: [`anna:${secret}`] }
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'plant.example', '127.evil.example', '']) {
      const of = (extra: object) => ({ [section]: { host, ...extra } })
      expect(refusal(of({}))).toContain(
        `${section}.host is not valid: other machines reach ${host}: set ${section}.${key}, ${section}.tlsCert, ${section}.tlsKey too`,
      )
      expect(refusal(of(credentials))).toContain(`set ${section}.tlsCert, ${section}.tlsKey too`)
      expect(refusal(of(tls))).toContain(`set ${section}.${key} too`)
      expect(parseConfig(of({ ...tls, ...credentials }))[section].host).toBe(host)
    }
  })

  it.each(sections)('%s on a private network may do without TLS, never without %s', (section, key) => {
    const host = '0.0.0.0'
    const of = (extra: object) => ({ [section]: { host, withoutTls: 'private-network', ...extra } })
    expect(refusal(of({}))).toContain(`other machines reach ${host}: set ${section}.${key} too`)
    expect(parseConfig(of({ [key]: [`anna:${secret}`] }))[section].host).toBe(host)
    expect(refusal({ [section]: { host, withoutTls: 'yes', [key]: [`anna:${secret}`] } })).toContain(
      `${section}.withoutTls`,
    )
  })

  it.each(sections)('%s takes no certificate without its key, and no key alone', (section) => {
    expect(refusal({ [section]: { tlsCert: 'cert.pem' } })).toContain(`${section}.tlsKey is not valid`)
    expect(refusal({ [section]: { tlsKey: 'key.pem' } })).toContain(`${section}.tlsCert is not valid`)
  })
})

describe('sections within sections', () => {
  it('have keys, defaults and environment variables of their own', () => {
    expect(configKeys().find(({ path }) => path === 'policy.disturbance.share')).toMatchObject({
      default: 0.5,
    })
    const env = { FOREWARN_POLICY_DISTURBANCE_DEVICES: '7' }
    const { disturbance } = parseConfig({ policy: { k: 2, disturbance: { share: 0.2 } } }, env).policy
    expect(disturbance).toEqual({ withinMinutes: 60, devices: 7, share: 0.2 })
    expect(refusal({ policy: { disturbance: { share: 2 } } })).toContain('policy.disturbance.share')
  })
})
