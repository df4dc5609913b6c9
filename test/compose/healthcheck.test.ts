import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../app/paths.ts'
import { describeTls, selfSigned } from '../support/certificate.ts'

const script = join(projectRoot, 'deploy', 'forewarn', 'healthcheck.mjs')
const token = '0123456789abcdef0123'
let server: Server | undefined
afterEach(() => server?.close())

async function check(
  listening: Server,
  env: Record<string, string>,
): Promise<{ code: number; said: string }> {
  server = listening.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return new Promise((resolve) => {
    const all = { PATH: process.env.PATH ?? '', FOREWARN_HTTP_PORT: String(port), ...env }
    execFile(process.execPath, [script], { env: all }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout }),
    )
  })
}

const answering =
  (status: number, seen: IncomingMessage[] = []): RequestListener =>
  (request, response) => {
    seen.push(request)
    response.writeHead(status).end('{"checks":"store is away"}')
  }

describe('the health check of the image', () => {
  it('asks whether forewarn is ready, with the first token', async () => {
    const seen: IncomingMessage[] = []
    const tokens = { FOREWARN_HTTP_TOKENS: `planner:${token},other:${token}-2` }
    expect((await check(createServer(answering(200, seen)), tokens)).code).toBe(0)
    expect(seen[0]).toMatchObject({ url: '/health/ready', headers: { authorization: `Bearer ${token}` } })
  })

  it('sends none where there is none', async () => {
    const seen: IncomingMessage[] = []
    expect((await check(createServer(answering(200, seen)), {})).code).toBe(0)
    expect(seen[0]!.headers.authorization).toBeUndefined()
  })

  it.each([503, 401])('fails on %i, and shows what came', async (status) => {
    const { code, said } = await check(createServer(answering(status)), {})
    expect(code).toBe(1)
    expect(said).toContain('store is away')
  })

  it('fails where nobody answers', async () => {
    const silent = createServer((request) => request.destroy())
    expect((await check(silent, {})).code).toBe(1)
  })
})

describeTls('the health check over TLS', () => {
  it('asks over TLS where forewarn speaks it', async () => {
    const certificate = selfSigned()
    const secured = createTlsServer(certificate, answering(200))
    expect((await check(secured, { FOREWARN_HTTP_TLSCERT: certificate.certFile })).code).toBe(0)
    certificate.remove()
  })
})
