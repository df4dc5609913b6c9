import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseConfig } from '../core/config.ts'
import { type Certificate, describeTls, selfSigned } from '../test/support/certificate.ts'
import { loadTls } from './loadTls.ts'

describeTls('TLS files', () => {
  let own: Certificate
  let other: Certificate
  beforeAll(() => {
    own = selfSigned()
    other = selfSigned()
    writeFileSync(`${own.certFile}.broken`, own.cert.replace(/\n.{20}/, '\n'))
  })
  afterAll(() => {
    own.remove()
    other.remove()
  })
  const load = (tlsCert: string, tlsKey: string) =>
    loadTls(parseConfig({ mqtt: { tlsCert, tlsKey } }), 'mqtt')

  it('are read', () => {
    expect(load(own.certFile, own.keyFile)).toEqual({ cert: own.cert, key: own.key })
    expect(loadTls(parseConfig({}), 'mqtt')).toBeUndefined()
  })

  it('that cannot be used are named by their key', () => {
    const missing = join(own.certFile, '..', 'missing.pem')
    const wrong: [cert: string, key: string, path: string, problem: RegExp][] = [
      [missing, own.keyFile, 'mqtt.tlsCert', /missing\.pem cannot be read \(ENOENT/],
      [own.certFile, missing, 'mqtt.tlsKey', /missing\.pem cannot be read \(ENOENT/],
      [own.keyFile, own.keyFile, 'mqtt.tlsCert', /is no PEM certificate/],
      [`${own.certFile}.broken`, own.keyFile, 'mqtt.tlsCert', /is no PEM certificate/],
      [own.certFile, own.certFile, 'mqtt.tlsKey', /is no key of that certificate/],
      [own.certFile, other.keyFile, 'mqtt.tlsKey', /is no key of that certificate/],
    ]
    for (const [cert, key, path, problem] of wrong) {
      const details = expect.objectContaining({ path, problem: expect.stringMatching(problem) })
      expect(() => load(cert, key)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', details }))
    }
  })
})
