import { describe, expect, it } from 'vitest'
import { configKeys, environmentName, parseConfig } from './config.ts'

describe('parseConfig', () => {
  it('fills every key with its default and freezes the result', () => {
    const config = parseConfig(undefined)
    expect(config.mqtt).toEqual({ host: '127.0.0.1', port: 1883, maxPayloadBytes: 262_144 })
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

  it('describes every key', () => {
    const keys = configKeys()
    expect(keys.filter((key) => key.description === '')).toEqual([])
    expect(new Set(keys.map((key) => environmentName(key.path))).size).toBe(keys.length)
  })
})
