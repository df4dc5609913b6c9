import { chmodSync, chownSync, copyFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTicketDatabase } from '../../alerts/db/open.ts'
import { type Certificate, describeTls, selfSigned } from '../support/certificate.ts'
import { until } from '../support/forewarnProcess.ts'
import { describeService, type Service, startService } from './harness.ts'

const open = (url: string, caFile = '') =>
  openTicketDatabase({ url, caFile }, { pglite: () => Promise.reject(new Error('not embedded')) })

/** PostgreSQL reads its key only where nobody else can. */
function giveTo(data: string, from: string, name: string) {
  const file = join(data, name)
  copyFileSync(from, file)
  const { uid, gid } = statSync(data)
  chownSync(file, uid, gid)
  chmodSync(file, 0o600)
}

describeService('postgres', 'PostgreSQL with passwords', () => {
  describeTls('and TLS', () => {
    let postgres: Service
    let certificate: Certificate
    const url = (password: string, parameters = '', host = '127.0.0.1') =>
      `postgres://guest:${password}@${host}:${postgres.port}/postgres${parameters}`

    beforeAll(async () => {
      certificate = selfSigned()
      postgres = await startService('postgres')
      const data = join(postgres.folder, 'data')
      giveTo(data, certificate.certFile, 'server.crt')
      giveTo(data, certificate.keyFile, 'server.key')
      const admin = new pg.Client(postgres.url)
      await admin.connect()
      await admin.query(`CREATE ROLE guest LOGIN PASSWORD 'r@ght'`)
      await admin.query('GRANT CREATE ON DATABASE postgres TO guest')
      await admin.query('ALTER SYSTEM SET ssl = on')
      const access = 'hostssl all guest all scram-sha-256\nhost all forewarn all trust\n'
      writeFileSync(join(data, 'pg_hba.conf'), access)
      await admin.query('SELECT pg_reload_conf()')
      await admin.end()
      // The server takes the new settings for connections to come, a moment later.
      await until(
        () => open(url('r%40ght', '?sslmode=require')).then((db) => db.close(), String),
        (problem) => problem === undefined,
      )
    })
    afterAll(async () => {
      await postgres?.close()
      certificate?.remove()
    })

    it('lets in with the password, whatever sslmode checks', async () => {
      const { certFile } = certificate
      for (const [mode, ca] of [
        ['require', ''],
        ['require', certFile],
        ['verify-ca', certFile],
        ['verify-full', certFile],
      ]) {
        const database = await open(url('r%40ght', `?sslmode=${mode}`, 'localhost'), ca)
        await database.ping()
        await database.close()
      }
    })

    it('is not trusted where its certificate is not, or is another host’s', async () => {
      const refused = { code: 'TICKETS_MISCONFIGURED', message: expect.stringContaining('certificate') }
      await expect(open(url('r%40ght', '?sslmode=verify-full'))).rejects.toMatchObject(refused)
      const other = selfSigned()
      await expect(open(url('r%40ght', '?sslmode=require'), other.certFile)).rejects.toMatchObject(refused)
      other.remove()
      // Another way to write 127.0.0.1, which is not in the certificate.
      const as = (mode: string) => open(url('r%40ght', `?sslmode=${mode}`, '127.1'), certificate.certFile)
      await expect(as('verify-full')).rejects.toMatchObject(refused)
      await (await as('verify-ca')).close()
    })

    it('names a wrong password, none, and a connection without TLS', async () => {
      for (const [password, parameters, problem] of [
        ['wrong', '?sslmode=require', /password authentication failed for user "guest"/],
        ['', '?sslmode=require', /password must be a string/],
        ['r%40ght', '', /no pg_hba.conf entry/],
      ] as const) {
        const opening = open(url(password, parameters))
        await expect(opening).rejects.toMatchObject({
          code: 'TICKETS_MISCONFIGURED',
          message: expect.stringMatching(problem),
        })
        await expect(opening).rejects.not.toThrow(/r@ght|wrong/)
      }
    })
  })
})
