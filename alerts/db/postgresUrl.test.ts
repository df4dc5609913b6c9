import { afterAll, describe, expect, it } from 'vitest'
import { describeTls, selfSigned } from '../../test/support/certificate.ts'
import { nameOf, parsePostgresUrl } from './postgresUrl.ts'

const parse = (url: string, caFile = '') => parsePostgresUrl({ url, caFile })

describe('the address of PostgreSQL', () => {
  it.each([
    [
      'postgres://ann:p%40ss@db.example:5433/plant',
      { user: 'ann', password: 'p@ss', host: 'db.example', port: 5433, database: 'plant', ssl: false },
    ],
    ['postgresql://db/pl%C3%A4nt?sslmode=disable', { host: 'db', database: 'plänt', ssl: false }],
    ['postgres://[::1]/x', { host: '::1' }],
    ['postgres:///x?host=/run/postgresql', { host: '/run/postgresql', database: 'x' }],
    ['postgres://h/x?sslmode=require', { ssl: { rejectUnauthorized: false } }],
    ['postgres://h/x?sslmode=verify-full', { ssl: {} }],
    ['postgres://h/x?application_name=two', { application_name: 'two' }],
  ])('%s', (url, expected) => {
    expect(parse(url)).toMatchObject(expected)
  })

  it('is shown without user and password', () => {
    expect(nameOf(parse('postgres://ann:secret@h:1/x?sslmode=require'))).toBe('postgres://h:1/x')
    expect(nameOf(parse('postgres://ann:secret@[::1]'))).toBe('postgres://[::1]:5432/ann')
  })

  it.each([
    ['postgres://ann:se#cret@h/x?sslmode=prefer', /expected postgres:/],
    ['postgres://h/x?sslmode=prefer', /sslmode is disable, require/],
    ['postgres://h/x?sslrootcert=a.pem', /parameter sslrootcert is not known/],
    ['postgres://ann:100%secret@h/x', /percent-encoded/],
    ['postgres://a:1,b:2/x', /expected postgres:/],
  ])('%s is refused', (url, problem) => {
    expect(() => parse(url)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(problem) }),
    )
    expect(() => parse(url)).not.toThrow(/cret/)
  })

  describeTls('with a certificate', () => {
    const certificate = selfSigned()
    afterAll(() => certificate.remove())
    const url = 'postgres://h/x'

    it('checks as much as sslmode says', () => {
      const ca = certificate.cert
      const ssl = (mode: string) => parse(`${url}?sslmode=${mode}`, certificate.certFile).ssl
      expect(ssl('require')).toEqual({ ca, checkServerIdentity: expect.any(Function) })
      expect(ssl('verify-ca')).toEqual({ ca, checkServerIdentity: expect.any(Function) })
      expect(ssl('verify-full')).toEqual({ ca })
    })

    it('is not ignored where no TLS is spoken', () => {
      expect(() => parse(url, certificate.certFile)).toThrow(/does not ask for TLS/)
      expect(() => parse(`${url}?sslmode=require`, certificate.keyFile)).toThrow(/tickets.caFile/)
    })
  })
})
