import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErrorCode, errorCatalogue, ForewarnError } from '../../core/errors.ts'
import { type Problem, problem } from './schemas/common.ts'
import { closeServers, serve } from './testing/server.ts'

afterAll(closeServers)

describe('errors', () => {
  let thrown: unknown
  let server: FastifyInstance
  let logged: string[]
  beforeAll(async () => {
    ;({ server, logged } = await serve({ summary: () => Promise.reject(thrown) }))
  })

  it.each(Object.keys(errorCatalogue) as ErrorCode[])(
    '%s becomes problem+json with its status and remedy',
    async (code) => {
      thrown = new ForewarnError(code, { problem: 'it broke', path: 'x', agent: 1 })
      const reply = await server.inject('/api/summary')
      expect(reply.statusCode).toBe(errorCatalogue[code].status)
      expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
      const body = problem.parse(reply.json())
      expect(body).toMatchObject({
        code,
        status: reply.statusCode,
        instance: '/api/summary',
        next: errorCatalogue[code].next,
      })
      expect(body.remedy).not.toBe('')
    },
  )

  it('an unexpected one is logged under a reference and tells the network nothing else', async () => {
    thrown = new Error('select secret from vault')
    logged.length = 0
    const reply = await server.inject('/api/summary')
    expect(reply.statusCode).toBe(500)
    expect(reply.json<Problem>().code).toBe('INTERNAL')
    expect(reply.body).not.toContain('vault')
    expect(logged).toEqual([reply.json<Problem>().detail])
  })

  it('an answer that breaks its own schema is INTERNAL, not a wrong answer', async () => {
    const { server } = await serve({ summary: async () => ({}) as never })
    const reply = await server.inject('/api/summary')
    expect(reply.json<Problem>()).toMatchObject({ status: 500, code: 'INTERNAL' })
  })

  it('a request that breaks the schema is REQUEST_INVALID and names every wrong place', async () => {
    const reply = await server.inject({
      method: 'POST',
      url: '/api/tickets/1/schedule',
      payload: { version: 'x' },
    })
    expect(reply.statusCode).toBe(400)
    const { code, errors } = reply.json<Problem>()
    expect(code).toBe('REQUEST_INVALID')
    expect(errors?.map((e) => e.path)).toEqual(['body/actor', 'body/version', 'body/scheduledFor'])
  })

  it('broken JSON, a foreign content type and a body too large are REQUEST_INVALID with their own status', async () => {
    const post = (type: string, payload: string) =>
      server.inject({
        method: 'POST',
        url: '/api/tickets/1/comment',
        headers: { 'content-type': type },
        payload,
      })
    const replies = await Promise.all([
      post('application/json', '{"actor":'),
      post('text/plain', '{"actor":"me","note":"x"}'),
      post('application/json', JSON.stringify({ actor: 'me', note: 'x'.repeat(70_000) })),
    ])
    expect(replies.map((r) => r.statusCode)).toEqual([400, 415, 413])
    for (const reply of replies) expect(reply.json<Problem>().code).toBe('REQUEST_INVALID')
  })

  it('an unknown path or method is NOT_FOUND', async () => {
    const reply = await server.inject('/api/nothing?q=1')
    expect(reply.json<Problem>()).toMatchObject({ status: 404, code: 'NOT_FOUND', instance: '/api/nothing' })
    expect((await server.inject({ method: 'DELETE', url: '/api/tickets/1' })).statusCode).toBe(404)
  })
})

describe('Host and Origin', () => {
  let server: FastifyInstance
  beforeAll(async () => {
    ;({ server } = await serve())
  })
  const ask = (headers: Record<string, string>, url = '/api/tickets') => server.inject({ url, headers })

  it.each([
    'localhost',
    'localhost:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    'forewarn.plant',
    'Forewarn.Plant:8080',
  ])('takes requests for %s', async (host) => {
    expect((await ask({ host })).statusCode).toBe(200)
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.5:8080',
    'x@localhost',
    'a b',
  ])('refuses a foreign name that resolves to this machine: %j', async (host) => {
    const reply = await ask({ host })
    expect(reply.statusCode).toBe(403)
    expect(reply.json<Problem>()).toMatchObject({ code: 'FORBIDDEN_ORIGIN' })
  })

  it.each([
    ['localhost:8080', 'http://localhost:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['forewarn.plant', 'https://forewarn.plant'],
    ['localhost:8080', 'https://forewarn.plant'],
  ])('lets the page at %s ask from %s', async (host, origin) => {
    expect((await ask({ host, origin })).statusCode).toBe(200)
  })

  it.each([
    ['localhost:8080', 'https://evil.example'],
    ['localhost:8080', 'http://localhost:3000'],
    ['localhost:8080', 'http://localhost'],
    ['localhost:8080', 'null'],
    ['localhost:8080', 'file://'],
    ['localhost:8080', 'http://forewarn.plant.evil.example'],
  ])('refuses %s to a page from %s', async (host, origin) => {
    expect((await ask({ host, origin })).json<Problem>().code).toBe('FORBIDDEN_ORIGIN')
  })

  it('guards the page, the documents and unknown paths alike', async () => {
    for (const url of ['/', '/docs', '/docs/json', '/metrics', '/api/live', '/nothing']) {
      expect((await ask({ host: 'evil.example' }, url)).statusCode, url).toBe(403)
    }
  })
})

it('sends security headers with everything, errors too', async () => {
  const { server } = await serve()
  for (const url of ['/api/tickets', '/api/nothing', '/docs', '/metrics']) {
    const { headers } = await server.inject(url)
    expect(headers['content-security-policy'], url).toContain("script-src 'self';")
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

describe('page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-web-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<title>Forewarn</title>')
  writeFileSync(join(folder, 'assets', 'page-abc.js'), 'let page')
  writeFileSync(join(folder, '.env'), 'secret')
  afterAll(() => rmSync(folder, { recursive: true }))
  const html = { accept: 'text/html,application/xhtml+xml' }

  it('is served at /, for its own views and with its assets', async () => {
    const { server } = await serve({ webFolder: folder })
    for (const url of ['/', '/tickets/17', '/fleet?site=north']) {
      const reply = await server.inject({ url, headers: html })
      expect(reply.statusCode, url).toBe(200)
      expect(reply.body).toBe('<title>Forewarn</title>')
      expect(reply.headers['cache-control']).toBe('no-cache')
    }
    const asset = await server.inject('/assets/page-abc.js')
    expect(asset.body).toBe('let page')
    expect(asset.headers['cache-control']).toContain('immutable')
  })

  it('does not stand in for what is missing', async () => {
    const { server } = await serve({ webFolder: folder })
    for (const url of ['/api/nothing', '/assets/old-123.js', '/health/what', '/docs/nothing']) {
      expect((await server.inject({ url, headers: html })).statusCode, url).toBe(404)
    }
    expect((await server.inject('/tickets/17')).json<Problem>().code).toBe('NOT_FOUND')
    expect((await server.inject({ method: 'POST', url: '/tickets/17', headers: html })).statusCode).toBe(404)
  })

  it('gives nothing away beside the page', async () => {
    const { server } = await serve({ webFolder: folder })
    for (const url of ['/.env', '/..%2f..%2fetc%2fpasswd', '/assets/../.env']) {
      expect((await server.inject(url)).body).not.toMatch(/secret|root:/)
    }
  })

  it('says how to build it when it is not there', async () => {
    const { server } = await serve({ webFolder: join(folder, 'nowhere') })
    const reply = await server.inject('/')
    expect(reply.statusCode).toBe(404)
    expect(reply.body).toContain('npm run build')
  })
})
