import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ForewarnError } from '../../core/errors.ts'
import { DurableNodeFs } from './durableNodeFs.ts'
import { maintain } from './maintenance.ts'
import { openPglite, type Pglite } from './pglite.ts'

const parent = fs.mkdtempSync(path.join(tmpdir(), 'forewarn-'))
const folder = path.join(parent, 'pglite')
let pglite: Pglite

/** The database as it was when it was closed for the first time. */
const template = path.join(parent, 'template')
const open = () => openPglite({ folder, patienceMs: 300 })

beforeAll(async () => {
  // What an interrupted first start leaves behind is made anew.
  fs.mkdirSync(`${folder}.new/base`, { recursive: true })
  pglite = await open()
  await pglite.pool.query('CREATE SCHEMA bullmq')
  await pglite.pool.query('CREATE TABLE bullmq.thing (id int PRIMARY KEY, body text)')
  await pglite.close()
  fs.cpSync(folder, template, { recursive: true })
  pglite = await open()
})
afterAll(async () => {
  await pglite.close()
  fs.rmSync(parent, { recursive: true })
})

/** A copy of the closed database that a test may harm. */
function copyOfTemplate(name: string): string {
  const copy = path.join(parent, name)
  fs.cpSync(template, copy, { recursive: true })
  return copy
}

describe('the pool', () => {
  it('gives types, parameters and errors as pg does', async () => {
    const { rows } = await pglite.pool.query(
      'SELECT $1::int AS i, $2::bigint AS big, $3::jsonb AS j, $4::bytea AS b, $5::text[] AS a, $6::text AS none',
      [7, '9007199254740993', JSON.stringify({ x: [1] }), Buffer.from([0, 255]), ['ä', 'b,"c'], null],
    )
    expect(rows).toEqual([
      {
        i: 7,
        big: '9007199254740993',
        j: { x: [1] },
        b: Buffer.from([0, 255]),
        a: ['ä', 'b,"c'],
        none: null,
      },
    ])
    await expect(pglite.pool.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' })
    await expect(pglite.pool.query('SELECT 1; SELECT 1/0')).rejects.toMatchObject({ code: '22012' })
    expect((await pglite.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('carries megabytes both ways', async () => {
    const body = 'ж'.repeat(2_000_000)
    const { rows } = await pglite.pool.query('SELECT $1::text AS body, length($1) AS length', [body])
    expect(rows[0].length).toBe(2_000_000)
    expect(rows[0].body === body).toBe(true)
  })

  it('keeps transactions of many connections apart', async () => {
    const transactions = Array.from({ length: 30 }, async (_, id) => {
      const client = await pglite.pool.connect()
      await client.query('BEGIN')
      await client.query('INSERT INTO bullmq.thing (id) VALUES ($1)', [id])
      await client.query(id % 2 ? 'ROLLBACK' : 'COMMIT')
      client.release()
    })
    await Promise.all(transactions)
    const { rows } = await pglite.pool.query('SELECT id FROM bullmq.thing ORDER BY id')
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 15 }, (_, i) => 2 * i))
  })

  it('fails a query that its own transaction waits for, then goes on', async () => {
    const client = await pglite.pool.connect()
    await client.query('BEGIN')
    await expect(pglite.pool.query('SELECT 1')).rejects.toMatchObject({ code: '55P03' })
    await client.query('COMMIT')
    client.release()
    expect((await pglite.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('rolls back what a destroyed connection had open', async () => {
    const client = await pglite.pool.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO bullmq.thing (id) VALUES (1001)')
    client.release(true)
    const { rows } = await pglite.pool.query('SELECT * FROM bullmq.thing WHERE id = 1001')
    expect(rows).toEqual([])
  })

  it('brings notifications to every connection that listens, and to no other', async () => {
    const [a, b, c] = [await pglite.pool.connect(), await pglite.pool.connect(), await pglite.pool.connect()]
    const heard: string[] = []
    for (const [name, client] of Object.entries({ a, b, c })) {
      client.on('notification', ({ channel, payload }) => heard.push(`${name} ${channel} ${payload}`))
    }
    await a.query('LISTEN news')
    await b.query('-- as BullMQ writes it\nLISTEN news')
    await pglite.pool.query("SELECT pg_notify('news', 'hot')")
    expect(heard.toSorted()).toEqual(['a news hot', 'b news hot'])
    for (const client of [a, b, c]) client.release(true)
  })

  it('is vacuumed and checkpointed', async () => {
    const dead = `SELECT pg_relation_size('bullmq.thing')::int AS bytes`
    const churn = async () => {
      await pglite.pool.query(
        'INSERT INTO bullmq.thing SELECT i, repeat($1, 500) FROM generate_series(2000, 5000) i',
        ['x'],
      )
      await pglite.pool.query('DELETE FROM bullmq.thing WHERE id >= 2000')
    }
    await churn()
    await maintain(pglite.pool)
    const once = (await pglite.pool.query(dead)).rows[0].bytes
    await churn()
    await maintain(pglite.pool)
    expect((await pglite.pool.query(dead)).rows[0].bytes).toBeLessThanOrEqual(once)
  })
})

describe('the folder', () => {
  it('belongs to one at a time', async () => {
    await expect(openPglite({ folder })).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      details: { folder: parent, pid: process.pid },
    })
  })

  it('keeps what was committed over a restart', async () => {
    await pglite.pool.query("INSERT INTO bullmq.thing VALUES (9001, 'kept')")
    await pglite.close()
    expect(fs.readdirSync(parent)).toEqual(['pglite', 'template'])
    pglite = await open()
    const { rows } = await pglite.pool.query('SELECT body FROM bullmq.thing WHERE id = 9001')
    expect(rows).toEqual([{ body: 'kept' }])
  })

  it('gets an fsync for every commit', async () => {
    const copy = copyOfTemplate('synced')
    const fsync = vi.spyOn(fs, 'fsyncSync')
    const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F')
    const inThread = await PGlite.create({
      fs: new DurableNodeFs(copy),
      startParams: [...startParams, '-c', 'wal_sync_method=fsync'],
    })
    for (let i = 1; i <= 5; i++) {
      const before = fsync.mock.calls.length
      await inThread.query('INSERT INTO bullmq.thing (id) VALUES ($1)', [10_000 + i])
      expect(fsync.mock.calls.length).toBeGreaterThan(before)
    }
    await inThread.close()
    fsync.mockRestore()
    const settings = await pglite.pool.query(
      "SELECT current_setting('fsync') AS fsync, current_setting('wal_sync_method') AS method",
    )
    expect(settings.rows).toEqual([{ fsync: 'on', method: 'fsync' }])
  })

  it('is given up with a reason when it cannot be used', async () => {
    const file = path.join(parent, 'a-file')
    fs.writeFileSync(file, '')
    const blocked = path.join(file, 'pglite')
    await expect(openPglite({ folder: blocked })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      details: { folder: blocked },
    })
    const foreign = path.join(parent, 'foreign')
    fs.mkdirSync(foreign)
    await expect(openPglite({ folder: foreign })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      details: { problem: expect.stringContaining('no database') },
    })
    expect(fs.readdirSync(parent).filter((name) => name.includes('.lock'))).toEqual(['pglite.lock'])
  })

  it.each([
    ['global/pg_control', 'cut to nothing'],
    ['PG_VERSION', 'cut to nothing'],
    ['pg_wal', 'missing'],
  ])('is given up with a reason when %s is %s', async (name, harm) => {
    const copy = copyOfTemplate(`damaged-${path.basename(name)}`)
    if (harm === 'missing') fs.rmSync(path.join(copy, name), { recursive: true })
    else fs.truncateSync(path.join(copy, name), 0)
    await expect(openPglite({ folder: copy })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      details: { folder: copy, problem: expect.stringMatching(/\w{3}/) },
    })
  })
})

it('says so when the engine ends by itself, to its owner and to whoever asks', async () => {
  const copy = copyOfTemplate('lost')
  const fatal: ForewarnError[] = []
  const lost = await openPglite({ folder: copy, onFatal: (error) => fatal.push(error) })
  fs.rmSync(path.join(copy, 'pg_wal'), { recursive: true })
  await expect(lost.pool.query('SELECT pg_switch_wal()')).rejects.toThrow()
  await expect(lost.pool.query('INSERT INTO bullmq.thing (id) VALUES (1)')).rejects.toThrow()
  expect(fatal).toMatchObject([{ code: 'DATA_FOLDER_UNUSABLE', details: { folder: copy } }])
  await lost.close()
  expect(fs.existsSync(`${copy}.lock`)).toBe(false)
})

it('keeps every awaited commit when the process is killed, and its lock is taken over', async () => {
  const copy = copyOfTemplate('killed')
  const program = `
    import { openPglite } from ${JSON.stringify(new URL('./pglite.ts', import.meta.url).href)}
    const { pool } = await openPglite({ folder: ${JSON.stringify(copy)} })
    for (let id = 20001; ; id++) {
      await pool.query('INSERT INTO bullmq.thing (id) VALUES ($1)', [id])
      process.stdout.write(id + '\\n')
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (data) => {
    output += data
    if (output.split('\n').length > 50) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const confirmed = output.split('\n').slice(0, -1).map(Number)
  expect(fs.existsSync(`${copy}.lock`)).toBe(true)
  const reopened = await openPglite({ folder: copy })
  const { rows } = await reopened.pool.query('SELECT id FROM bullmq.thing WHERE id > 20000 ORDER BY id')
  await reopened.close()
  expect(confirmed.length).toBeGreaterThanOrEqual(50)
  expect(rows.slice(0, confirmed.length).map((row) => row.id)).toEqual(confirmed)
  expect(rows.length - confirmed.length).toBeLessThanOrEqual(1)
})
