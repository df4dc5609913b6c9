import { expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { examinePlainText } from './plainText.ts'

const secret = 'k3v9-0aMx_27qLpZ'
const open = { host: '0.0.0.0', withoutTls: 'private-network' }
const http = { ...open, tokens: [`anna:${secret}`] }
const mqtt = { ...open, users: [`p1:${secret}`] }
const found = (input: object) => examinePlainText(parseConfig(input)).map(({ what }) => what)

it('warns of every listener whose credentials travel readable', () => {
  expect(found({ http, mqtt })).toEqual(['http without TLS', 'mqtt without TLS'])
  expect(examinePlainText(parseConfig({ http }))[0]).toMatchObject({
    level: 'warning',
    detail: expect.stringContaining('reads tokens'),
  })
})

it('has nothing to say on loopback, over TLS, or of a broker that does not run', () => {
  expect(found({})).toEqual([])
  expect(found({ http: { ...http, host: '127.0.0.1' } })).toEqual([])
  expect(found({ http: { ...http, tlsCert: 'c.pem', tlsKey: 'k.pem' } })).toEqual([])
  expect(found({ mqtt: { ...mqtt, url: 'mqtt://broker' } })).toEqual([])
})
