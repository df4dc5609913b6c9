import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { openDatabase } from '../../alerts/db/database.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { countRows, dumpTables, isEmpty, loadTables, type TablePiece } from '../../alerts/db/transfer.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { systemClock } from '../../core/clock.ts'
import { fillStore } from '../support/filledStore.ts'

const parent = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
const opened: Pglite[] = []
let source: Kysely<Database>
let target: Kysely<Database>

async function open(name: string) {
  const pglite = await openPglite({ folder: path.join(parent, name) })
  opened.push(pglite)
  return openDatabase(pglite.pool)
}
beforeAll(async () => {
  source = await open('source')
  target = await open('target')
})
afterAll(async () => {
  for (const pglite of opened) await pglite.close()
  rmSync(parent, { recursive: true })
})

const collect = async (db: Kysely<Database>, pieceRows?: number) => {
  const pieces: TablePiece[] = []
  for await (const piece of dumpTables(db, pieceRows)) pieces.push(piece)
  return pieces
}
const rowsOf = (pieces: readonly TablePiece[]) =>
  pieces.flatMap(({ table, rows }) => rows.map((row) => [table, row]))

it('has nothing to carry from an empty database, and loads nothing into one', async () => {
  expect(await collect(source)).toEqual([])
  await loadTables(target, [])
  expect(await isEmpty(target)).toBe(true)
})

it('carries everything, whatever the size of the pieces, through JSON to the last digit', async () => {
  await fillStore(source, 7)
  const whole = await collect(source)
  expect(await isEmpty(source)).toBe(false)
  expect(rowsOf(await collect(source, 3))).toEqual(rowsOf(whole))

  await target
    .transaction()
    .execute((trx) => loadTables(trx, JSON.parse(JSON.stringify(whole)) as TablePiece[]))
  expect(await collect(target)).toEqual(whole)
  expect(await countRows(target)).toEqual(await countRows(source))
})

it('lets the stores read and go on as before', async () => {
  const stores = [source, target].map((db) => ({
    tickets: createTicketStore(db, { clock: systemClock }),
    register: createDeviceRegister(db),
    alarms: createAlarmState(db),
  }))
  const seen = await Promise.all(
    stores.map(async ({ tickets, register, alarms }) => {
      const list = await tickets.list()
      return [list, await tickets.history(list[0]!.id), await register.list(), await alarms.load()]
    }),
  )
  expect(seen[1]).toEqual(seen[0])
  const next = await Promise.all(
    stores.map(async ({ tickets }) => {
      const [newest] = await tickets.list()
      const prediction = { ...newest!.prediction, id: 'new', device: 'new', raisedAt: 9 }
      return [newest!.id, (await tickets.raise(prediction)).ticket.id]
    }),
  )
  expect(next[1]).toEqual(next[0])
  expect(next[0]![1]).toBeGreaterThan(next[0]![0]!)
})
