import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { problem } from './schemas/common.ts'

/** The server, typed by the zod schemas of its routes. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

export const errorAnswer = {
  description: 'An error: see its code and remedy',
  content: { 'application/problem+json': { schema: problem } },
}

/** The answers of a route: its own for 200, problem+json for everything else. */
export const answers = <T extends z.ZodType>(ok: T) => ({
  200: ok,
  default: errorAnswer,
})
