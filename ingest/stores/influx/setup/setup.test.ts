import { afterEach, describe, expect, it } from 'vitest'
import {
  type Script,
  type ScriptedFlavour,
  type ScriptedInflux,
  startScriptedInflux,
} from '../../../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../../../test/support/telemetryAt.ts'
import type { StoreNotice } from '../../store.ts'
import { InfluxClient } from '../client.ts'
import { examineInflux } from '../examine.ts'
import { parsePlace } from '../place.ts'
import { durationMs, retentionMs, wordsFor } from './duration.ts'
import { prepare } from './setup.ts'

const day = 86_400
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const places = (...entries: [string, number][]) => entries

async function start(flavour: ScriptedFlavour, found: [string, number][], script?: Script) {
  const server = await startScriptedInflux(flavour, script, found)
  cleanups.push(() => server.close())
  return server
}

/** Prepares as the store does; what it noticed comes back. */
async function prepared(server: ScriptedInflux, days: number, over: { org?: string; path?: string } = {}) {
  const { org = 'works', path = 'plant' } = over
  const client = new InfluxClient(parsePlace(telemetryAt(`${server.url}/${path}`, { token: 't', org })))
  cleanups.push(() => client.close())
  const notices: StoreNotice[] = []
  const kept = await prepare(client, days, (notice) => notices.push(notice))
  return { kept, notices, client }
}

const refusing =
  (what: RegExp, status: number, body: object | string): Script =>
  ({ method, path }) =>
    what.test(`${method} ${path}`) ? { status, body } : undefined

describe.each(['v2', 'v3'] as const)('places of %s', (flavour) => {
  // 2.x https://docs.influxdata.com/influxdb/v2/api/buckets/, 3 https://docs.influxdata.com/influxdb3/core/admin/databases/create/
  it('are made where they are missing: readings with their retention, roll-ups for ever', async () => {
    const server = await start(flavour, [])
    expect(await prepared(server, 30)).toMatchObject({ kept: 30 * day * 1000, notices: [] })
    expect([...server.places]).toEqual([
      ['plant', 30 * day],
      ['plant/hourly', 0],
    ])
  })

  it('are left as they are without telemetry.retentionDays', async () => {
    const server = await start(flavour, places(['plant', 7 * day], ['plant/hourly', 0]))
    expect(await prepared(server, 0)).toMatchObject({ kept: 7 * day * 1000, notices: [] })
    expect(server.places.get('plant')).toBe(7 * day)
    expect(server.requests.filter(({ method, path }) => method !== 'GET' && path !== '/query')).toEqual([])
  })

  it('get another retention where they have one', async () => {
    const server = await start(flavour, places(['plant', 7 * day], ['plant/hourly', 0]))
    expect(await prepared(server, 90)).toMatchObject({ kept: 90 * day * 1000, notices: [] })
    expect([...server.places]).toEqual([
      ['plant', 90 * day],
      ['plant/hourly', 0],
    ])
  })

  it('may be named with a policy, beside which the roll-ups lie', async () => {
    const server = await start(flavour, [])
    await prepared(server, 0, { path: 'plant/raw' })
    expect([...server.places.keys()]).toEqual(['plant/raw', 'plant/hourly'])
  })

  it('that may not be changed give notices with what to run, and no failure', async () => {
    const forbidden = refusing(/^(POST|PUT|PATCH) .*(buckets|configure)/, 403, '')
    const server = await start(flavour, places(['plant', 7 * day]), forbidden)
    const { kept, notices } = await prepared(server, 30)
    expect(kept).toBe(7 * day * 1000)
    expect(notices.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('kept 7 days, not 30 days'),
      expect.stringContaining('no hourly roll-ups'),
    ])
    const commands =
      flavour === 'v2' ? ['influx bucket update', 'influx bucket create'] : ['influxdb3 create']
    for (const command of commands) expect(notices.map(({ remedy }) => remedy).join()).toContain(command)
  })

  it('that are missing and may not be made stop it, with what to run', async () => {
    const server = await start(flavour, [], refusing(/^POST .*(buckets|configure)/, 403, ''))
    await expect(prepared(server, 30)).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringMatching(/plant is not there.*an administrator may run: influx.* create .*720h/),
    })
  })

  it('wait for a server that is in trouble', async () => {
    const server = await start(flavour, [], refusing(/^POST .*(buckets|configure)/, 503, ''))
    await expect(prepared(server, 30)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})

// https://docs.influxdata.com/influxdb3/core/reference/internals/data-retention/: immutable in Core
it('a database of 3 Core that keeps its retention period gives a notice', async () => {
  const server = await start(
    'v3',
    places(['plant', 7 * day], ['plant/hourly', 0]),
    refusing(/^PUT /, 405, 'method not allowed'),
  )
  const { kept, notices } = await prepared(server, 30)
  expect(kept).toBe(7 * day * 1000)
  expect(notices[0]!.remedy).toContain('influxdb3 create database --retention-period 720h NAME')
})

// https://docs.influxdata.com/influxdb3/core/admin/databases/#database-limit
it('a sixth database of 3 Core costs the roll-ups, not the readings', async () => {
  const script = refusing(/^POST .*configure/, 422, {
    error: 'Adding a new database would exceed limit of 5 databases',
  })
  const server = await start('v3', places(['plant', 0]), script)
  const { notices } = await prepared(server, 0)
  expect(notices.map(({ detail }) => detail)).toEqual([expect.stringContaining('limit of 5 databases')])
})

// https://docs.influxdata.com/influxdb/v2/api/organizations/
describe('the organisation of 2.x', () => {
  it('is the only one, where none is configured', async () => {
    const server = await start('v2', [])
    const { client } = await prepared(server, 0, { org: '' })
    expect(client.org).toBe('works')
    await client.write(['m v=1 1'])
    expect(server.asked('POST /api/v2/write')[0]!.query.get('org')).toBe('works')
  })

  it.each([
    [
      '',
      [
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
      ],
      /2 organisations.*telemetry\.org/,
    ],
    ['nowhere', [], /no organisation nowhere.*telemetry\.org/],
  ])('%j must be clear', async (org, orgs, problem) => {
    const script: Script = ({ path }) =>
      path === '/api/v2/orgs' ? { status: 200, body: { orgs } } : undefined
    const server = await start('v2', [], script)
    await expect(prepared(server, 0, { org })).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringMatching(problem),
    })
  })

  it('need not be listed by a token for one bucket', async () => {
    const server = await start('v2', places(['plant', 0], ['plant/hourly', 0]), refusing(/orgs/, 401, ''))
    expect(await prepared(server, 0)).toMatchObject({ notices: [] })
  })

  // https://docs.influxdata.com/influxdb/v2/api/buckets/: some versions say 404 for a name that is not there
  it('may say 404 for a bucket that is not there', async () => {
    const script = refusing(/^GET .*buckets/, 404, { code: 'not found', message: 'bucket "plant" not found' })
    const server = await start('v2', [], script)
    await prepared(server, 0)
    expect(server.places.has('plant')).toBe(true)
  })
})

describe('what the doctor says', () => {
  const examine = (server: ScriptedInflux, retentionDays = 0) =>
    examineInflux(telemetryAt(`${server.url}/plant`, { token: 't', org: 'works', retentionDays }))

  it.each([
    ['v1', '1.7.11'],
    ['v2', '2.7.11'],
    ['v3', '3.8.0'],
  ] as const)('%s: version, place, right to write, retention', async (flavour, version) => {
    const server = await start(flavour, places(['plant', 30 * day], ['plant/hourly', 0]))
    expect(await examine(server, 30)).toEqual({
      level: 'ok',
      detail: `InfluxDB ${version}: plant may be written and keeps readings 30 days; hourly roll-ups in plant/hourly`,
    })
    expect(await examine(server, 90)).toMatchObject({
      level: 'warning',
      remedy: expect.stringContaining('2160h'),
    })
    server.places.delete('plant/hourly')
    expect(await examine(server)).toMatchObject({
      level: 'warning',
      detail: expect.stringContaining('plant/hourly for hourly roll-ups is not there yet'),
    })
    server.places.clear()
    expect(await examine(server)).toMatchObject({
      level: 'warning',
      detail: expect.stringContaining('not there yet'),
    })
  })

  it('changes nothing', async () => {
    for (const flavour of ['v1', 'v2', 'v3'] as const) {
      const server = await start(flavour, [])
      await examine(server, 30)
      expect(server.places.size).toBe(0)
      expect(server.requests.filter(({ path }) => path.includes('write'))).toEqual([])
    }
  })

  it('names what is wrong, and the way out', async () => {
    const server = await start(
      'v2',
      places(['plant', 0]),
      refusing(/write/, 403, { message: 'insufficient permissions for write' }),
    )
    expect(await examine(server)).toEqual({
      level: 'problem',
      detail: expect.stringContaining('insufficient permissions for write'),
      remedy: expect.stringContaining('telemetry.token'),
    })
    const gone = await examineInflux(telemetryAt('influx://127.0.0.1:9/plant'))
    expect(gone).toMatchObject({ level: 'problem', detail: expect.stringContaining('127.0.0.1:9') })
  })

  it('takes a complaint about missing lines for the right to write', async () => {
    const server = await start(
      'v2',
      places(['plant', 0], ['plant/hourly', 0]),
      refusing(/write/, 400, { code: 'invalid', message: 'writing requires points' }),
    )
    expect(await examine(server)).toMatchObject({ level: 'ok' })
  })
})

it('durations go both ways', () => {
  expect(['720h0m0s', '0s', '1h30m0s', '', 'for ever', undefined].map(durationMs)).toEqual([
    720 * 3_600_000,
    0,
    5_400_000,
    0,
    0,
    0,
  ])
  expect([retentionMs(30), retentionMs(0), retentionMs(0.001)]).toEqual([30 * day * 1000, 0, 3_600_000])
  expect([0, 36 * 3_600_000, 30 * day * 1000].map(wordsFor)).toEqual(['for ever', '36 hours', '30 days'])
})
