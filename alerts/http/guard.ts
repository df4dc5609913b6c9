import type { FastifyRequest } from 'fastify'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { urlHost } from '../../core/loopback.ts'
import type { App } from './app.ts'

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A page from elsewhere must not reach this server through the user's browser. Two ways are closed:
 * DNS rebinding (a foreign name that resolves to loopback) by the names the Host header may say, and cross-site requests by
 * asking that Origin, where a browser sends one, is the very host that was asked.
 */
export function installGuard(app: App, http: Pick<Config['http'], 'host' | 'allowedHosts'>): void {
  const own = urlHost(http.host.toLowerCase())
  const named = new Set(http.allowedHosts.map((host) => host.toLowerCase()))
  const allowed = (host: URL) =>
    loopback.has(host.hostname) || host.hostname === own || named.has(host.hostname) || named.has(host.host)

  app.addHook('onRequest', async (request) => {
    const host = parse(`http://${request.headers.host ?? ''}`)
    const { origin } = request.headers
    if (!host || !allowed(host)) throw refusal(request)
    if (origin === undefined) return
    const from = parse(origin)
    if (!from || !(sameHost(from, host) || named.has(from.host))) throw refusal(request)
  })
}

/** Compared without the scheme: behind a TLS proxy the browser says https, the proxy http. */
const sameHost = (from: URL, host: URL): boolean => from.host === host.host

function parse(url: string): URL | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed && ['http:', 'https:'].includes(parsed.protocol) && !parsed.username ? parsed : undefined
}

const refusal = (request: FastifyRequest): ForewarnError =>
  new ForewarnError('FORBIDDEN_ORIGIN', {
    host: request.headers.host || '(none)',
    origin: request.headers.origin ?? '(none)',
  })
