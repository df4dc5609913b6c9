import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { translate } from './away.ts'
import { guardedPool } from './guardedPool.ts'
import type { Database } from './schema.ts'
import { transact } from './transact.ts'

const failure = (code: string, message = code) => Object.assign(new Error(message), { code })
const deadlock = failure('40P01', 'deadlock detected')

/** A pool whose client answers by script: what it throws, statement by statement; afterwards everything succeeds. */
function scripted(...failures: (Error | undefined)[]) {
  const statements: string[] = []
  const released: unknown[] = []
  const client = {
    query: async (text: string) => {
      statements.push(text)
      const error = /^(start|begin|rollback)/.test(text) ? undefined : failures.shift()
      if (error) throw error
      return { command: 'SELECT', rowCount: 0, rows: [] }
    },
    release: (broken: unknown) => released.push(broken),
  }
  const pool = { connect: async () => client } as unknown as pg.Pool
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: guardedPool(pool) }) })
  return { db, statements, released }
}
const one = sql`SELECT 1`

describe('a statement alone', () => {
  it('is tried again after a deadlock, on a connection that lives', async () => {
    const { db, statements, released } = scripted(deadlock, deadlock)
    await one.execute(db)
    expect(statements).toEqual(['SELECT 1', 'SELECT 1', 'SELECT 1'])
    expect(released).toEqual([false])
  })

  it('is given up after five tries, for the caller to wait', async () => {
    const { db, statements } = scripted(...Array.from({ length: 9 }, () => deadlock))
    await expect(one.execute(db)).rejects.toMatchObject({
      code: 'TICKETS_UNAVAILABLE',
      cause: { code: '40P01' },
    })
    expect(statements).toHaveLength(5)
  })

  it('on a connection that broke is not tried again, and the connection not used again', async () => {
    const { db, statements, released } = scripted(failure('57P01', 'terminating connection'))
    await expect(one.execute(db)).rejects.toMatchObject({ code: 'TICKETS_UNAVAILABLE' })
    expect(statements).toHaveLength(1)
    expect(released).toEqual([true])
  })

  it('with a mistake of ours fails as it is, and the connection stays', async () => {
    const { db, released } = scripted(failure('23505', 'duplicate key'))
    await expect(one.execute(db)).rejects.toMatchObject({ code: '23505' })
    expect(released).toEqual([false])
  })
})

describe('a transaction', () => {
  it('is tried again as a whole after a deadlock', async () => {
    const { db, statements } = scripted(undefined, deadlock)
    await transact(db, async (trx) => {
      await one.execute(trx)
      await sql`SELECT 2`.execute(trx)
    })
    const begin = 'start transaction isolation level read committed'
    expect(statements).toEqual([
      begin,
      'SELECT 1',
      'SELECT 2',
      'rollback',
      begin,
      'SELECT 1',
      'SELECT 2',
      'commit',
    ])
  })

  it('on a connection that broke asks it for nothing more', async () => {
    const { db, statements, released } = scripted(failure('ECONNRESET', 'read ECONNRESET'))
    await expect(transact(db, (trx) => one.execute(trx))).rejects.toMatchObject({
      code: 'TICKETS_UNAVAILABLE',
    })
    expect(statements).toEqual(['start transaction isolation level read committed', 'SELECT 1'])
    expect(released).toEqual([true])
  })
})

describe('what an error means', () => {
  const manyAddresses = new AggregateError([
    failure('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'),
    failure('ECONNREFUSED'),
  ])
  it.each([
    ...['57P01', '57P02', '57P03', '53300', '53100', '08006', '25006', '57014', '58030'].map((code) => [
      code,
      failure(code),
    ]),
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].map((code) => [code, failure(code)]),
    ...[
      'Connection terminated unexpectedly',
      'Connection terminated due to connection timeout',
      'timeout exceeded when trying to connect',
      'Query read timeout',
      'Client has encountered a connection error and is not queryable',
    ].map((message) => [message, new Error(message)]),
    ['every address of a name', Object.assign(manyAddresses, { code: 'ECONNREFUSED' })],
  ] as [string, Error][])('%s: away', (_name, error) => {
    expect(translate(error)).toMatchObject({
      code: 'TICKETS_UNAVAILABLE',
      message: expect.stringMatching(/: .+/),
    })
  })

  it.each([
    ...['28P01', '28000', '3D000', '42501', '08P01'].map((code) => [code, failure(code)]),
    [
      'a certificate',
      Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    ],
    ['no TLS', new Error('The server does not support SSL connections')],
    ['no password', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')],
  ] as [string, Error][])('%s: a matter for a person', (_name, error) => {
    expect(translate(error)).toMatchObject({ code: 'TICKETS_MISCONFIGURED', next: 'stop' })
  })

  it.each(['23505', '42P01', '22P02'])('%s: ours', (code) => {
    const error = failure(code)
    expect(translate(error)).toBe(error)
  })
})
