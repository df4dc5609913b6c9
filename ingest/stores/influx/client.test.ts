import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InfluxClient, parsePlace, WriteRefused } from './client.ts'

describe('the place of an InfluxDB', () => {
  it('is taken from the URL, with defaults', () => {
    expect(parsePlace('influx://plant')).toEqual({
      url: 'http://plant:8086',
      database: 'forewarn',
      headers: {},
    })
    expect(parsePlace('influxs://me:s%40cret@plant:443/hall%201')).toEqual({
      url: 'https://plant:443',
      database: 'hall 1',
      headers: { authorization: `Basic ${Buffer.from('me:s@cret').toString('base64')}` },
    })
  })

  it('must be there', () => {
    for (const url of ['influx:', 'influx://', 'nonsense']) {
      expect(() => parsePlace(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    }
  })
})

describe('InfluxDB client', () => {
  let server: Server
  let answer: { status: number; body: string; type?: string }
  let client: InfluxClient
  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume()
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' })
      response.end(answer.body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    client = new InfluxClient(parsePlace(`influx://127.0.0.1:${(server.address() as AddressInfo).port}/x`))
  })
  afterEach(async () => {
    client.close()
    await new Promise((resolve) => server.close(resolve))
  })
  const outcome = async (status: number, body: string, type?: string) => {
    answer = type === undefined ? { status, body } : { status, body, type }
    return client.write(['m v=1 1']).then(
      () => 'stored',
      (error) => error,
    )
  }

  it('takes 204 alone for stored', async () => {
    expect(await outcome(204, '')).toBe('stored')
    for (const status of [200, 201]) {
      expect(await outcome(status, '{}')).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    }
  })

  it.each([
    [400, '{"error":"partial write: field type conflict"}', 'partial write: field type conflict'],
    [413, '{"error":"Request Entity Too Large"}', 'Request Entity Too Large'],
    [422, '{"code":"unprocessable","message":"points beyond retention"}', 'points beyond retention'],
  ])('%i refuses lines, and says why', async (status, body, message) => {
    const error = await outcome(status, body)
    expect(error).toBeInstanceOf(WriteRefused)
    expect(error).toMatchObject({ status, message })
  })

  it.each([
    [401, '{"error":"authorization failed"}'],
    [403, '{"error":"not authorized to write to x"}'],
    [404, '{"error":"database not found: \\"x\\""}'],
  ])('%i is for a person to mend', async (status, body) => {
    const problem = JSON.parse(body).error
    expect(await outcome(status, body)).toMatchObject({ code: 'STORE_MISCONFIGURED', details: { problem } })
  })

  it.each([
    [500, '{"error":"engine: cache-max-memory-size exceeded"}', 'application/json'],
    [503, 'request throttled, queue full', 'text/plain'],
    [502, '<html>bad gateway</html>', 'text/html'],
  ])('%i is worth trying again', async (status, body, type) => {
    const error = await outcome(status, body, type)
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', next: 'retry' })
    expect(error.details.problem).toContain(String(status))
  })

  it('calls a server that is gone unavailable', async () => {
    const gone = new InfluxClient(parsePlace('influx://127.0.0.1:9/x'))
    await expect(gone.write(['m v=1 1'])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(gone.query('SHOW DATABASES')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    gone.close()
  })

  it('finds the errors of queries in answers with status 200', async () => {
    answer = { status: 200, body: '{"results":[{"statement_id":0},{"statement_id":1,"error":"timeout"}]}' }
    await expect(client.query('a; b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    answer = { status: 200, body: '{"results":[{"error":"database not found: x"}]}' }
    await expect(client.query('a')).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
    answer = {
      status: 200,
      body: '{"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"]}]}]}',
    }
    expect(await client.query('SHOW DATABASES')).toEqual([
      [{ name: 'databases', columns: ['name'], values: [] }],
    ])
  })
})
