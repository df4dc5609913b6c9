import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { openDatabase } from '../../alerts/db/database.ts'
import { openTicketDatabase } from '../../alerts/db/open.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { countRows, isEmpty } from '../../alerts/db/transfer.ts'
import { openPglite } from '../../alerts/pglite/pglite.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { migrateStore } from '../../app/migrateStore.ts'
import { projectRoot } from '../../app/paths.ts'
import { systemClock } from '../../core/clock.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { fillStore } from '../support/filledStore.ts'
import { describeService, type Service, startService } from './harness.ts'

const tickets = 600

/** Everything that can be read through the ports. */
async function everything(db: Kysely<Database>) {
  const store = createTicketStore(db, { clock: systemClock })
  const register = createDeviceRegister(db)
  const list = await store.list({ limit: 10_000 })
  const histories = []
  for (const { id } of list) histories.push(await store.history(id))
  const events = []
  for (const { device } of list) events.push(await register.events(device))
  return {
    list,
    histories,
    events,
    devices: await register.list(),
    alarms: await createAlarmState(db).load(),
  }
}

describeService('postgres', 'moving the tickets to PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-move-'))
  let postgres: Service
  let before: Awaited<ReturnType<typeof everything>>
  const to = (database = 'postgres') => ({ url: postgres.url.replace(/postgres$/, database), caFile: '' })
  const open = (database?: string) =>
    openTicketDatabase(to(database), { pglite: () => Promise.reject(new Error('not embedded')) })
  const administer = async (database: string, ...statements: string[]) => {
    const client = new pg.Client(to(database).url)
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }

  beforeAll(async () => {
    postgres = await startService('postgres')
    const pglite = await openPglite({ folder: join(folder, 'pg') })
    const db = await openDatabase(pglite.pool)
    await fillStore(db, tickets)
    before = await everything(db)
    await pglite.close()
  }, 120_000)
  afterAll(async () => {
    await postgres?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('moves nothing at all when it fails half-way, and can be tried again', async () => {
    await administer('postgres', 'CREATE DATABASE broken')
    await (await open('broken')).close()
    await administer('broken', `ALTER TABLE forewarn.alarm ADD CHECK (device NOT LIKE '%7%')`)
    await expect(migrateStore({ from: folder, to: to('broken') })).rejects.toMatchObject({ code: '23514' })
    const half = await open('broken')
    expect(await isEmpty(half.db)).toBe(true)
    await half.close()
    await administer('broken', 'ALTER TABLE forewarn.alarm DROP CONSTRAINT alarm_device_check')
    const moved = await migrateStore({ from: folder, to: to('broken') })
    expect(moved.rows['forewarn.alarm']).toBe(tickets)
  }, 120_000)

  it('moves everything as it is, from the command line, and numbers go on behind it', async () => {
    const args = ['--import', 'tsx', join(projectRoot, 'app', 'cli.ts'), 'migrate-store']
    const run = spawnSync(process.execPath, [...args, '--from', folder, '--to', to().url, '--json'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    const result = JSON.parse(run.stdout)
    expect(result).toMatchObject({ from: folder, to: expect.not.stringContaining('forewarn@'), waiting: 0 })
    expect(result.rows).toMatchObject({ 'forewarn.ticket': tickets, 'forewarn.life_event': 2 * tickets })

    const { db, close } = await open()
    expect(await countRows(db)).toEqual(result.rows)
    expect(await everything(db)).toEqual(before)
    const store = createTicketStore(db, { clock: systemClock })
    const [newest] = before.list
    expect((await store.raise(newest!.prediction)).outcome).toBe('duplicate')
    expect((await store.raise(predictionOf({ device: 'new' }))).ticket.id).toBe(newest!.id + 1)
    await expect(db.deleteFrom('forewarn.ticket_event').execute()).rejects.toThrow('append-only')
    await close()
  }, 120_000)

  it('refuses a database that holds tickets, and says how many', async () => {
    await expect(migrateStore({ from: folder, to: to() })).rejects.toMatchObject({
      code: 'TARGET_NOT_EMPTY',
      message: expect.stringContaining(`${tickets + 1} tickets and ${tickets} devices`),
    })
  }, 60_000)

  it('refuses while forewarn has the folder open, and a folder without tickets', async () => {
    const { holdDataFolder } = await import('../../app/dataFolder.ts')
    const pglite = await openPglite({ folder: join(folder, 'pg') })
    await expect(migrateStore({ from: folder, to: to() })).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
    })
    await pglite.close()
    const empty = mkdtempSync(join(tmpdir(), 'forewarn-move-'))
    await expect(migrateStore({ from: empty, to: to() })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
    })
    rmSync(empty, { recursive: true })
    // It has let go of the folder every time.
    holdDataFolder(folder).release()
  }, 60_000)

  it('says what to give it', () => {
    const args = ['--import', 'tsx', join(projectRoot, 'app', 'cli.ts'), 'migrate-store', '--from', folder]
    const run = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: 'utf8' })
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('--to postgres://')
  })
})
