import { afterEach, expect, it, vi } from 'vitest'
import { demoConfig } from './settings.ts'

afterEach(() => vi.unstubAllEnvs())

it('keeps the broker of the demo on loopback, without users and TLS, whatever the environment says', async () => {
  const secured = {
    HOST: '0.0.0.0',
    USERS: 'line-1:k3v9-0aMx_27qLpZ',
    TLSCERT: 'cert.pem',
    TLSKEY: 'key.pem',
  }
  for (const [key, value] of Object.entries(secured)) vi.stubEnv(`FOREWARN_MQTT_${key}`, value)
  vi.stubEnv('FOREWARN_HTTP_TOKENS', 'anna:k3v9-0aMx_27qLpZ')
  const { mqtt, http } = await demoConfig('folder', undefined, true)
  expect(mqtt).toMatchObject({ host: '127.0.0.1', port: 0, users: [], tlsCert: '', tlsKey: '' })
  expect(http.tokens).toEqual(['anna:k3v9-0aMx_27qLpZ'])
})
