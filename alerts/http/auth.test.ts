import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { type Certificate, describeTls, selfSigned } from '../../test/support/certificate.ts'
import type { ServerDeps } from './deps.ts'
import type { Problem } from './schemas/common.ts'
import { buildServer } from './server.ts'
import { closeServers, serve } from './testing/server.ts'
import { fakeWorld } from './testing/world.ts'

const token = 'k3v9-0aMx_27qLpZ'
const http = parseConfig({ http: { port: 0, tokens: [`anna:${token}`, 'ben:another-long-token'] } }).http

const bearer = (of: string) => `Bearer ${of}`
const basic = (name: string, of: string) => `Basic ${Buffer.from(`${name}:${of}`).toString('base64')}`

describe('tokens', () => {
  let server: FastifyInstance
  beforeAll(async () => {
    ;({ server } = await serve({ http }))
  })
  afterAll(closeServers)
  const ask = (url: string, authorization?: string, options: InjectOptions = {}) =>
    server.inject({ ...options, url, headers: authorization === undefined ? {} : { authorization } })

  it.each([
    ['a token', bearer(token)],
    ['another’s token', bearer('another-long-token')],
    ['a token under a scheme in small letters', `bearer ${token}`],
    ['name and token', basic('anna', token)],
  ])('let in %s', async (_name, authorization) => {
    expect((await ask('/api/tickets', authorization)).statusCode).toBe(200)
  })

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a wrong token', bearer('k3v9-0aMx_27qLpz')],
    ['a token cut off', bearer(token.slice(0, -1))],
    ['no token', 'Bearer '],
    ['name and token as bearer', bearer(`anna:${token}`)],
    ['a wrong token to a name', basic('anna', 'wrong-but-long-token')],
    ['another’s token to a name', basic('anna', 'another-long-token')],
    ['a token without its name', basic('', token)],
    ['no pair', `Basic ${Buffer.from(token).toString('base64')}`],
    ['no base64', 'Basic ???'],
    ['another scheme', `Digest ${token}`],
  ])('refuse %s', async (_name, authorization) => {
    const reply = await ask('/api/tickets', authorization)
    expect(reply.statusCode).toBe(401)
    expect(reply.headers['www-authenticate']).toMatch(/^Basic realm=/)
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.json<Problem>()).toMatchObject({ code: 'UNAUTHORIZED', status: 401, next: 'drop' })
    expect(reply.body).not.toContain(token)
  })

  it('are asked for everywhere but at /health/live', async () => {
    const open = ['/health/live', '/health/live?x=1']
    for (const url of open) expect((await ask(url)).statusCode, url).toBe(200)
    const closed = ['/', '/tickets/1', '/api/live', '/health/ready', '/metrics', '/docs', '/docs/json']
    const odd = [
      '/nothing',
      '/health/live/',
      '//health/live',
      '/health/live/../../api/tickets',
      '/docs/static/index.css',
    ]
    for (const url of [...closed, ...odd]) expect((await ask(url)).statusCode, url).toBe(401)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      expect((await ask('/health/live', undefined, { method })).statusCode, method).toBe(401)
    }
  })

  it('do not open the door to a foreign host or page', async () => {
    const headers = { authorization: bearer(token) }
    for (const foreign of [{ host: 'evil.example' }, { host: 'localhost', origin: 'https://evil.example' }]) {
      const reply = await server.inject({ url: '/api/tickets', headers: { ...headers, ...foreign } })
      expect(reply.json<Problem>().code).toBe('FORBIDDEN_ORIGIN')
    }
  })

  it('name who acts, where nobody is named', async () => {
    const comment = (payload: object) =>
      ask('/api/tickets/1/comment', bearer('another-long-token'), { method: 'POST', payload })
    expect((await comment({ note: 'from the shift' })).statusCode).toBe(200)
    expect((await comment({ note: 'for a colleague', actor: 'Carla' })).statusCode).toBe(200)
    expect((await comment({ note: 'nobody', actor: '' })).statusCode).toBe(400)
    const { history } = (await ask('/api/tickets/1', bearer(token))).json<{ history: { actor: string }[] }>()
    expect(history.slice(-2).map((event) => event.actor)).toEqual(['ben', 'Carla'])
  })

  it('are in the API document, and only where there are some', async () => {
    const document = (await ask('/docs/json', bearer(token))).json()
    expect(document.security).toEqual([{ bearer: [] }, { basic: [] }])
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'basic'])
    expect(document.paths['/health/live'].get.security).toEqual([])
    expect(document.components.schemas).toHaveProperty('Ticket')
    const { server: open } = await serve()
    expect((await open.inject('/docs/json')).json()).not.toHaveProperty('security')
  })

  it('guard the own address of the configuration like every other name', async () => {
    const config = parseConfig({
      http: { host: '192.168.1.5', tokens: [`anna:${token}`], tlsCert: 'c', tlsKey: 'k' },
    })
    const { server } = await serve({ http: config.http })
    const get = (host: string) =>
      server.inject({ url: '/api/tickets', headers: { host, authorization: bearer(token) } })
    expect((await get('192.168.1.5:8443')).statusCode).toBe(200)
    expect((await get('192.168.1.6:8443')).statusCode).toBe(403)
  })
})

describe('over a socket', () => {
  const servers: FastifyInstance[] = []
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

  async function listen(changes: Partial<ServerDeps> = {}): Promise<number> {
    const server = await buildServer(fakeWorld({ http, ...changes }).deps)
    servers.push(server)
    await server.listen({ host: '127.0.0.1', port: 0 })
    return (server.server.address() as AddressInfo).port
  }

  type Send = typeof plainRequest
  const get = (send: Send, port: number, path: string, headers: object, options: object = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      send({ port, host: '127.0.0.1', path, headers: { ...headers }, ...options }, resolve)
        .on('error', reject)
        .end()
    })
  const firstWords = (reply: IncomingMessage) =>
    new Promise<string>((resolve) => reply.setEncoding('utf8').once('data', resolve))

  it('the live stream opens with name and token, as a browser sends them, and not without', async () => {
    const port = await listen()
    const live = await get(plainRequest, port, '/api/live', { authorization: basic('anna', token) })
    expect([live.statusCode, await firstWords(live)]).toEqual([200, expect.stringMatching(/^event: hello\n/)])
    const refused = await get(plainRequest, port, '/api/live', { authorization: basic('anna', 'wrong') })
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['www-authenticate']).toMatch(/^Basic /)
    refused.resume()
  })

  describeTls('with TLS', () => {
    let certificate: Certificate
    beforeAll(() => {
      certificate = selfSigned()
    })
    afterAll(() => certificate.remove())

    it('page, API and live stream are served over https', async () => {
      const port = await listen({ tls: certificate })
      const trusting = { ca: certificate.cert }
      const alive = await get(tlsRequest, port, '/health/live', {}, trusting)
      expect([alive.statusCode, await firstWords(alive)]).toEqual([200, '{"status":"ok"}'])
      const origin = `https://127.0.0.1:${port}`
      const headers = { authorization: basic('anna', token), origin }
      const live = await get(tlsRequest, port, '/api/live', headers, trusting)
      expect([live.statusCode, await firstWords(live)]).toEqual([
        200,
        expect.stringMatching(/^event: hello\n/),
      ])
      const refused = await get(tlsRequest, port, '/api/tickets', {}, trusting)
      expect(refused.statusCode).toBe(401)
      refused.resume()
    })

    it('a client that does not trust the certificate, or speaks plainly, gets nothing', async () => {
      const port = await listen({ tls: certificate })
      await expect(get(tlsRequest, port, '/health/live', {}, { ca: [] })).rejects.toThrow(/self.signed/)
      await expect(get(plainRequest, port, '/health/live', {})).rejects.toThrow()
    })
  })
})
