import { afterEach, describe, expect, it } from 'vitest'
import {
  type Script,
  type ScriptedFlavour,
  type ScriptedInflux,
  startScriptedInflux,
} from '../../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../../test/support/telemetryAt.ts'
import { WriteRefused } from './answers.ts'
import { InfluxClient, TooManyFiles } from './client.ts'
import { parsePlace } from './place.ts'

describe('InfluxDB client', () => {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  const clientOf = (url: string, over = {}) => {
    const client = new InfluxClient(parsePlace(telemetryAt(url, over)))
    cleanups.push(() => client.close())
    return client
  }
  async function start(flavour: ScriptedFlavour, script?: Script, over = {}) {
    const server = await startScriptedInflux(flavour, script)
    cleanups.push(() => server.close())
    return { server, client: clientOf(`${server.url}/plant`, over) }
  }
  const onWrite =
    (status: number, more: object = {}): Script =>
    ({ path }) =>
      path.includes('write') ? { status, ...more } : undefined
  const sentBy = (server: ScriptedInflux, what: string) => server.asked(what).map(({ headers }) => headers)

  it('takes 204 alone for stored', async () => {
    expect(await (await start('v1')).client.write(['m v=1 1'])).toBeUndefined()
    for (const status of [200, 201]) {
      const { client } = await start('v1', onWrite(status, { body: {} }))
      await expect(client.write(['m v=1 1'])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    }
  })

  it('asks once who answers, and again after it was told to forget', async () => {
    const { server, client } = await start('v2')
    await client.write(['m v=1 1'])
    await client.write(['m v=1 1'])
    expect(await client.server()).toEqual({ flavour: 'v2', version: '2.7.11' })
    expect(server.asked('GET /ping')).toHaveLength(1)
    client.forget()
    await client.write(['m v=1 1'])
    expect(server.asked('GET /ping')).toHaveLength(2)
  })

  it('stops where something else answers', async () => {
    const { client } = await start('v1', ({ path }) =>
      path === '/ping' ? { status: 200, body: 'hello' } : undefined,
    )
    await expect(client.write([])).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
  })

  // https://docs.influxdata.com/influxdb3/core/reference/config-options/#disable-authz: /ping needs the token, too
  it('sends the token to 2.x and 3, also to /ping', async () => {
    for (const flavour of ['v2', 'v3'] as const) {
      const { server, client } = await start(flavour, undefined, { token: 'secret', org: 'works' })
      await client.write(['m v=1 1'])
      for (const what of ['GET /ping', 'POST /api/v2/write']) {
        expect(sentBy(server, what)).toMatchObject([{ authorization: 'Token secret' }])
      }
      expect(Object.fromEntries(server.asked('POST /api/v2/write')[0]!.query)).toEqual({
        bucket: 'plant',
        org: 'works',
        precision: 'ms',
      })
    }
  })

  it('sends user and password to 1.x, even beside a token', async () => {
    const { server } = await start('v1')
    const client = clientOf(`${server.url.replace('//', '//me:pw@')}/plant`, { token: 'secret' })
    await client.write(['m v=1 1'])
    const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`
    expect(sentBy(server, 'POST /write')).toMatchObject([{ authorization: basic }])
  })

  // https://docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp/#partial-writes
  it("reads 3's list of bad lines to its end, although it comes without a content type", async () => {
    const data = Array.from({ length: 99 }, (_, i) => ({
      original_line: `m,device=${'x'.repeat(50)} v=`,
      line_number: i + 1,
      error_message: 'no',
    }))
    const body = JSON.stringify({ error: 'partial write of line protocol occurred', data })
    const { client } = await start('v3', onWrite(400, { body }))
    const error = await client.write(['m v=']).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WriteRefused)
    expect((error as WriteRefused).lines).toHaveLength(99)
  })

  it('hands on Retry-After', async () => {
    const { client } = await start('v2', onWrite(503, { headers: { 'retry-after': '3' } }))
    await expect(client.write(['m v=1 1'])).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { retryAfterMs: 3_000 },
    })
  })

  it('calls a server that is gone unavailable', async () => {
    const gone = clientOf('influx://127.0.0.1:9/x')
    const expected = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('127.0.0.1:9') }
    await expect(gone.write(['m v=1 1'])).rejects.toMatchObject(expected)
    await expect(gone.query('SHOW DATABASES')).rejects.toMatchObject(expected)
  })

  it('finds the errors of queries in answers with status 200', async () => {
    const { server, client } = await start('v1')
    const answer = (...results: object[]) => {
      server.script = ({ path }) => (path === '/query' ? { status: 200, body: { results } } : undefined)
    }
    answer({ statement_id: 0 }, { statement_id: 1, error: 'timeout' })
    await expect(client.query('a; b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    answer({ error: 'database not found: x' })
    await expect(client.query('a')).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
    // https://docs.influxdata.com/influxdb3/core/reference/config-options/#query-file-limit
    answer({
      error: 'Query would scan 433 Parquet files, exceeding the file limit. InfluxDB 3 Core caps ...',
    })
    await expect(client.query('a')).rejects.toBeInstanceOf(TooManyFiles)
    answer({ statement_id: 0, series: [{ name: 'databases', columns: ['name'] }] })
    expect(await client.query('SHOW DATABASES')).toEqual([
      [{ name: 'databases', columns: ['name'], values: [] }],
    ])
  })

  it('takes a statement that cannot be parsed for a mistake of ours', async () => {
    const { client } = await start('v1', ({ path }) =>
      path === '/query' ? { status: 400, body: { error: 'error parsing query: found x' } } : undefined,
    )
    await expect(client.query('x')).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})
