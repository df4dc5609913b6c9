import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ForewarnError } from '../../core/errors.ts'
import { describeTls, selfSigned } from '../../test/support/certificate.ts'
import { serverOf } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'forewarn-ca-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const of = (url: string, caFile = '') => serverOf({ url, caFile, version: '5' })
const thrown = (work: () => unknown): ForewarnError => {
  try {
    work()
  } catch (error) {
    if (error instanceof ForewarnError) return error
  }
  throw new Error('it did not fail')
}

it.each([
  ['mqtt://broker', { host: 'broker', port: 1883, secure: false, shown: 'mqtt://broker:1883' }],
  ['mqtts://broker', { host: 'broker', port: 8883, secure: true, shown: 'mqtts://broker:8883' }],
  ['mqtt://[::1]:1884', { host: '::1', port: 1884, shown: 'mqtt://[::1]:1884' }],
  ['mqtt://me:p%40ss%2Fword@h:1', { user: 'me', password: 'p@ss/word', shown: 'mqtt://h:1' }],
  ['mqtt://me:100%@h:1', { user: 'me', password: '100%', shown: 'mqtt://h:1' }],
  ['mqtt://h', { user: undefined, password: undefined, ca: undefined }],
])('reads %s', (url, expected) => {
  expect(of(url)).toMatchObject(expected)
})

it.each(['mqtt://', 'mqtt://me:se/cret@host:1883'])('names the key of %s, and no password', (url) => {
  const error = thrown(() => of(url))
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { path: 'mqtt.url' } })
  expect(error.message).not.toContain('cret')
})

it('names an authority that cannot be read or is none', () => {
  const noPem = join(folder, 'no.pem')
  writeFileSync(noPem, 'nothing')
  for (const file of [join(folder, 'missing.pem'), noPem]) {
    const error = thrown(() => of('mqtts://h', file))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { path: 'mqtt.caFile' } })
    expect(error.message).toContain(file)
  }
})

describeTls('with a certificate', () => {
  it('takes the authority from mqtt.caFile', () => {
    const { certFile, cert, remove } = selfSigned()
    expect(of('mqtts://h', certFile).ca).toBe(cert)
    remove()
  })
})
