import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Config } from '../../core/config.ts'
import { type Credentials, createCredentials } from '../../core/credentials.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { App } from './app.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the token that came with the request; none where no tokens are configured. */
    tokenName: string | undefined
  }
}

/** Asked for by what restarts a process: it has no token to keep, and learns nothing but that the process answers. */
const openRoute = '/health/live'

/** Basic (RFC 7617) makes a browser ask by itself, and send what was typed with its EventSource too. */
const challenge = 'Basic realm="Forewarn: name and token", charset="UTF-8"'

/**
 * Where tokens are configured, everything needs one: as `Bearer` (RFC 6750), or as the password of its name. Whoever
 * acts on a ticket without saying who does, does so under the token's name.
 */
export function installAuth(app: App, { tokens }: Pick<Config['http'], 'tokens'>): void {
  const credentials = createCredentials(tokens)
  if (!credentials.required) return
  app.decorateRequest('tokenName', undefined)

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url === openRoute) return
    request.tokenName = nameIn(request.headers.authorization, credentials)
    if (request.tokenName !== undefined) return
    reply.header('www-authenticate', challenge)
    throw new ForewarnError('UNAUTHORIZED', { problem: problemOf(request) })
  })

  app.addHook('preValidation', async ({ body, query, routeOptions, tokenName }) => {
    if (takesActor(routeOptions.schema?.querystring) && isObject(query)) query.actor ??= tokenName
    if (takesActor(routeOptions.schema?.body) && isObject(body)) body.actor ??= tokenName
  })
}

const problemOf = ({ headers }: FastifyRequest): string =>
  headers.authorization === undefined ? 'none came with the request' : 'the one that came is not known'

/** The name behind an Authorization header. */
function nameIn(header: string | undefined, credentials: Credentials): string | undefined {
  const [, scheme, value] = /^(\w+) +(\S+) *$/.exec(header ?? '') ?? []
  if (value === undefined) return undefined
  if (scheme?.toLowerCase() === 'bearer') return credentials.ownerOf(value)
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const [name, token] = splitOnce(Buffer.from(value, 'base64').toString('utf8'))
  return credentials.matches(name, token) ? name : undefined
}

function splitOnce(pair: string): [name: string, token: string] {
  const at = pair.indexOf(':')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

const takesActor = (schema: unknown): boolean => schema instanceof z.ZodObject && 'actor' in schema.shape

const isObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
