import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Catalogue, parseAssetType } from '../../../core/catalogue.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import {
  type Script,
  type ScriptedInflux,
  startScriptedInflux,
} from '../../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../../test/support/telemetryAt.ts'
import { createInfluxStore } from './influxStore.ts'

const typeOf = (name: string) =>
  parseAssetType(
    {
      name,
      label: name,
      window: { by: 'grid', length: 4, minimum: 2 },
      cadenceMs: 1000,
      usage: { unit: 'h', perSlot: 1, perDay: 24 },
      rulCap: 100,
      horizon: 10,
      channels: [{ name: 'force', label: 'Force', unit: 'N', plausible: [-1e9, 1e9] }],
      failureModes: [],
    },
    `${name}.yaml`,
  )

const catalogue: Catalogue = new Map(['press', 'fan'].map((name) => [name, typeOf(name)]))

const t0 = 1_764_000_000_000
const one = (value: number) => Float64Array.of(value)
const batch = (assetType: string, time: number): ReadingBatch => ({
  assetType,
  length: 1,
  device: ['d'],
  site: ['s'],
  time: one(time),
  receivedAt: one(time),
  publishedAt: one(Number.NaN),
  seq: one(Number.NaN),
  channels: [one(1)],
})

/** Keeps the times of what was written to it, and answers the questions the writer asks; fails the writes it is told to. */
let server: ScriptedInflux
let written: Map<string, Set<number>>
let writes: number
let failing: Set<number>

const answerQuery = (statement: string): object => {
  const assetType = /FROM "(\w+)"/.exec(statement)?.[1] ?? ''
  const times = [...(written.get(assetType) ?? [])].sort((a, b) => a - b)
  if (times.length === 0) return {}
  if (statement.startsWith('SELECT last')) {
    const values = [[times.at(-1), 1]]
    return { series: [{ name: assetType, tags: { device: 'd' }, columns: ['time', 'last'], values }] }
  }
  if (!statement.startsWith('SELECT *')) return {}
  const [from, to] = [...statement.matchAll(/(\d+)ms/g)].map((match) => Number(match[1])) as [number, number]
  const values = times.filter((time) => time >= from && time <= to).map((time) => [time, 1])
  return { series: [{ name: assetType, columns: ['time', 'force'], values }] }
}

const script: Script = ({ path, body }) => {
  if (path === '/query') {
    const statements = new URLSearchParams(body).get('q')!.split('; ')
    if (!statements[0]!.startsWith('SELECT')) return undefined
    return { status: 200, body: { results: statements.map(answerQuery) } }
  }
  if (path !== '/write') return undefined
  for (const line of body.split('\n')) {
    const assetType = line.split(',')[0]!
    written.set(assetType, (written.get(assetType) ?? new Set()).add(Number(line.split(' ').at(-1))))
  }
  // A failed write may have stored its lines all the same: its answer was lost.
  return { status: failing.has(++writes) ? 503 : 204 }
}

beforeEach(async () => {
  written = new Map()
  writes = 0
  failing = new Set()
  server = await startScriptedInflux('v1', script)
})
afterEach(() => server.close())

const open = () => createInfluxStore(telemetryAt(`${server.url}/plant`), catalogue)

it('counts what a broken-off try had stored as stored, not as duplicate, when it is tried again', async () => {
  written.set('press', new Set([t0 + 60_000])).set('fan', new Set([t0 + 60_000]))
  const store = open()
  const slice = [batch('press', t0), batch('fan', t0), batch('press', t0 + 60_000)]
  failing = new Set([1, 3])
  await expect(store.write(slice, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await expect(store.write(slice, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await store.write(slice, 1)).toEqual({ stored: 2, duplicates: 1, refused: [] })
  expect(await store.write([batch('press', t0), batch('fan', t0)], 2)).toMatchObject({
    stored: 0,
    duplicates: 2,
  })
  await store.close()
})

it('asks for existing readings only where they could exist', async () => {
  const store = open()
  await store.write([batch('press', t0)], 1)
  written.get('press')!.add(t0 + 1000)
  // Someone else wrote the second one: as it is later than all that is known, nobody asks.
  expect(await store.write([batch('press', t0 + 1000)], 2)).toMatchObject({ stored: 1, duplicates: 0 })
  expect(await store.write([batch('press', t0)], 3)).toMatchObject({ stored: 0, duplicates: 1 })
  await store.close()
})

it('asks again who answers and what is there once the server refused it', async () => {
  const store = open()
  await store.write([batch('press', t0)], 1)
  const asked = () => [server.asked('GET /ping').length, server.places.size]
  expect(asked()).toEqual([1, 2])
  server.places.clear()
  server.script = ({ path }) => (path === '/write' ? { status: 404, body: { error: 'gone' } } : undefined)
  await expect(store.write([batch('press', t0 + 1000)], 2)).rejects.toMatchObject({
    code: 'STORE_MISCONFIGURED',
  })
  const statements: string[] = []
  server.script = ({ body }) => {
    statements.push(new URLSearchParams(body).get('q') ?? '')
    return undefined
  }
  expect(await store.write([batch('press', t0 + 1000)], 2)).toMatchObject({ stored: 1 })
  expect(statements).toContain('CREATE DATABASE "plant"')
  expect(asked()[0]).toBe(2)
  await store.close()
})

it('sees by a look that it is locked out, or that its database is gone, which it then makes again', async () => {
  const store = open()
  await store.look()
  server.script = ({ path }) => (path === '/query' ? { status: 401, body: { error: 'who?' } } : undefined)
  await expect(store.look()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
  server.script = () => undefined
  await store.look()
  server.places.clear()
  await expect(store.look()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
  const statements: string[] = []
  server.script = ({ body }) => void statements.push(new URLSearchParams(body).get('q') ?? '')
  await store.look()
  expect(statements).toContain('CREATE DATABASE "plant"')
  await store.close()
})
