import { spawn } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { examinePostgres } from '../../alerts/db/examine.ts'
import { openTicketDatabase, type TicketDatabase } from '../../alerts/db/open.ts'
import { createMaintenance } from '../../alerts/maintenance/sqlMaintenance.ts'
import { createNotices } from '../../alerts/notices/sqlNotices.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { ManualClock, systemClock } from '../../core/clock.ts'
import type { Notice } from '../../core/notice.ts'
import { alarmStateContract } from '../contracts/alarms.suite.ts'
import { maintenanceContract } from '../contracts/maintenance.suite.ts'
import { noticesContract } from '../contracts/notices.suite.ts'
import { registerContract } from '../contracts/register.suite.ts'
import { type TicketStoreUnderTest, ticketStoreContract } from '../contracts/tickets.suite.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { describeService, freePort, type Service, startService } from './harness.ts'

const noPglite = () => Promise.reject(new Error('nobody asked for the embedded database'))
const open = (url: string, caFile = '') => openTicketDatabase({ url, caFile }, { pglite: noPglite })

/** Statements of an administrator, each in a transaction of its own. */
async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

describeService('postgres', 'tickets, register and alarms on PostgreSQL', () => {
  let postgres: Service
  let database: TicketDatabase
  const openAgain = async () => {
    database = await open(postgres.url)
  }
  beforeAll(async () => {
    postgres = await startService('postgres')
    await openAgain()
  })
  afterAll(async () => {
    await database?.close()
    await postgres?.close()
  })

  /** A restart of both: the server's and ours. */
  async function restart<T>(create: () => T): Promise<T> {
    await database.close()
    await postgres.stop('SIGKILL')
    await postgres.start()
    await openAgain()
    return create()
  }

  const clock = new ManualClock(1_732_250_100_000)
  const told: TicketStoreUnderTest['told'] = []
  const tickets = () =>
    createTicketStore(database.db, { clock, onChange: (ticket, change) => told.push({ ticket, change }) })

  ticketStoreContract('PostgreSQL', async () => ({
    store: tickets(),
    clock,
    told,
    restart: () => restart(tickets),
  }))
  registerContract('PostgreSQL', async () => ({
    register: createDeviceRegister(database.db),
    restart: () => restart(() => createDeviceRegister(database.db)),
  }))
  maintenanceContract('PostgreSQL', async () => ({
    maintenance: createMaintenance(database.db),
    restart: () => restart(() => createMaintenance(database.db)),
  }))
  const toldNotices: Notice[] = []
  const notices = () => createNotices(database.db, { clock, onChange: (notice) => toldNotices.push(notice) })
  noticesContract('PostgreSQL', async () => ({
    notices: notices(),
    clock,
    told: toldNotices,
    restart: () => restart(notices),
  }))
  alarmStateContract('PostgreSQL', async () => ({
    alarms: createAlarmState(database.db),
    restart: () => restart(() => createAlarmState(database.db)),
  }))

  it('is one open ticket a device and mode for several processes, too, also where the default is serializable', async () => {
    await administer(
      postgres.url,
      `ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'`,
    )
    const others = await Promise.all([1, 2, 3].map(() => open(postgres.url)))
    const stores = others.map(({ db }) => createTicketStore(db, { clock: systemClock }))
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        stores[i % 3]!.raise(predictionOf({ device: 'shared', id: `shared ${i}` })),
      ),
    )
    expect(outcomes.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1)
    expect(outcomes.filter(({ outcome }) => outcome === 'merged')).toHaveLength(59)
    expect((await stores[0]!.list({ device: 'shared' })).map(({ predictions }) => predictions)).toEqual([60])
    for (const other of others) await other.close()
    await administer(postgres.url, 'ALTER DATABASE postgres RESET default_transaction_isolation')
  })

  it('registers the same devices from several processes in any order', async () => {
    const others = await Promise.all([1, 2].map(() => open(postgres.url)))
    const names = Array.from({ length: 3_000 }, (_, i) => `crowd-${i}`)
    const seen = (list: readonly string[]) =>
      list.map((device) => ({ device, site: 'north', assetType: 'pump', firstSeen: 1 }))
    const registers = others.map(({ db }) => createDeviceRegister(db))
    for (let round = 0; round < 10; round++) {
      const fresh = names.map((name) => `${name} ${round}`)
      await Promise.all([registers[0]!.seen(seen(fresh)), registers[1]!.seen(seen(fresh.toReversed()))])
    }
    const crowd = (await registers[0]!.list()).filter(({ device }) => device.startsWith('crowd-'))
    expect(crowd).toHaveLength(30_000)
    for (const other of others) await other.close()
  })
})

describeService('postgres', 'the way into PostgreSQL', () => {
  let postgres: Service
  const databaseUrl = (name: string, user = 'forewarn') =>
    postgres.url.replace('forewarn@', `${user}@`).replace(/postgres$/, name)
  beforeAll(async () => {
    postgres = await startService('postgres')
  })
  afterAll(() => postgres?.close())

  it('is made by two processes at once, and by one of them alone', async () => {
    await administer(postgres.url, 'CREATE DATABASE twice')
    const place = JSON.stringify(new URL('../../alerts/db/open.ts', import.meta.url).href)
    const program = `
      import { openTicketDatabase } from ${place}
      const { db, close } = await openTicketDatabase({ url: process.argv[1], caFile: '' }, {})
      const applied = await db.selectFrom('forewarn.migration').selectAll().execute()
      console.log(JSON.stringify(applied))
      await close()`
    const run = async () => {
      const args = ['--import', 'tsx', '--input-type=module', '-e', program, databaseUrl('twice')]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
      await once(child, 'close')
      return output.trim()
    }
    const [one, two] = await Promise.all([run(), run()])
    expect(JSON.parse(one!)).toMatchObject([{ name: '0001_tickets_register_alarms' }])
    expect(two).toBe(one)
  })

  it('is made once by six that start at the same moment', async () => {
    await administer(postgres.url, 'CREATE DATABASE often')
    const opened = await Promise.all(Array.from({ length: 6 }, () => open(databaseUrl('often'))))
    const applied = await opened[0]!.db.selectFrom('forewarn.migration').select('name').execute()
    expect(applied).toHaveLength(1)
    for (const one of opened) await one.close()
  })

  it('names the right that is missing, and does with what an administrator has made', async () => {
    await administer(postgres.url, 'CREATE DATABASE strict', 'CREATE ROLE guest LOGIN')
    await administer(
      databaseUrl('strict'),
      'REVOKE ALL ON DATABASE strict FROM PUBLIC',
      'GRANT CONNECT ON DATABASE strict TO guest',
    )
    const url = databaseUrl('strict', 'guest')
    await expect(open(url)).rejects.toMatchObject({
      code: 'TICKETS_MISCONFIGURED',
      message: expect.stringMatching(
        /permission denied for database strict; .*CREATE SCHEMA forewarn AUTHORIZATION/,
      ),
    })
    const settings = { url, caFile: '' }
    expect(await examinePostgres(settings)).toMatchObject([
      { level: 'ok' },
      { level: 'problem', remedy: expect.stringContaining('CREATE SCHEMA forewarn AUTHORIZATION "guest"') },
    ])
    await administer(databaseUrl('strict'), 'CREATE SCHEMA forewarn AUTHORIZATION guest')
    const opened = await open(url)
    expect(opened.name).toBe(`postgres://127.0.0.1:${postgres.port}/strict`)
    await opened.ping()
    await opened.close()
    expect(await examinePostgres(settings)).toMatchObject([
      { level: 'ok', detail: expect.stringMatching(/answers: PostgreSQL \d+/) },
      { level: 'ok', detail: 'schema forewarn, up to date' },
    ])
  })

  it('is refused to a schema of a newer forewarn', async () => {
    await administer(postgres.url, 'CREATE DATABASE newer')
    await (await open(databaseUrl('newer'))).close()
    await administer(databaseUrl('newer'), `INSERT INTO forewarn.migration VALUES ('9001_next', 0)`)
    await expect(open(databaseUrl('newer'))).rejects.toMatchObject({
      code: 'TICKETS_MISCONFIGURED',
      message: expect.stringContaining('9001_next'),
    })
    expect(await examinePostgres({ url: databaseUrl('newer'), caFile: '' })).toMatchObject([
      { level: 'ok' },
      { level: 'problem', detail: expect.stringContaining('9001_next') },
    ])
  })

  it('tells a wrong database and a wrong password from a server that is away, without the password', async () => {
    await expect(open(databaseUrl('nowhere'))).rejects.toMatchObject({
      code: 'TICKETS_MISCONFIGURED',
      message: expect.stringContaining('database "nowhere" does not exist'),
    })
    const away = open(`postgres://ann:secret@127.0.0.1:${await freePort()}/plant`)
    await expect(away).rejects.toMatchObject({
      code: 'TICKETS_UNAVAILABLE',
      next: 'retry',
      message: expect.stringMatching(/127\.0\.0\.1:\d+\/plant: .*ECONNREFUSED/),
    })
    await expect(away).rejects.not.toThrow(/secret|ann/)
    expect(await examinePostgres({ url: databaseUrl('nowhere'), caFile: '' })).toMatchObject([
      { level: 'problem', remedy: expect.stringContaining('tickets.url') },
    ])
  })

  it('is not offered where the server speaks no TLS', async () => {
    await expect(open(`${postgres.url}?sslmode=require`)).rejects.toMatchObject({
      code: 'TICKETS_MISCONFIGURED',
      message: expect.stringContaining('does not support SSL'),
    })
  })

  it('waits for a server that is just starting', async () => {
    await postgres.stop('SIGKILL')
    const opening = open(postgres.url)
    await postgres.start()
    await (await opening).close()
  })

  it('says what may lose tickets', async () => {
    await administer(postgres.url, 'ALTER SYSTEM SET synchronous_commit = off', 'SELECT pg_reload_conf()')
    await expect
      .poll(() => examinePostgres({ url: postgres.url, caFile: '' }))
      .toContainEqual(
        expect.objectContaining({ level: 'warning', remedy: expect.stringContaining('synchronous_commit') }),
      )
  })
})
