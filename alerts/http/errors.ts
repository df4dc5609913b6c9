import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { App } from './app.ts'
import type { ServerLogger } from './deps.ts'
import type { Problem } from './schemas/common.ts'

/** Everything thrown in a route becomes problem+json (RFC 9457) with a code of the catalogue. */
export function installErrorHandler(app: App, logger: ServerLogger): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = asForewarnError(thrown, request)
    if (error.status >= 500) {
      logger.error(
        { err: thrown, request: request.id, method: request.method, url: request.url },
        error.message,
      )
    }
    const status = clientStatus(thrown) ?? error.status
    return sendProblem(reply, { ...problemOf(error, request), status, ...invalidPlaces(thrown) })
  })
}

/** Sends a problem from where no route throws, such as the handler of unknown paths. */
export const sendError = (request: FastifyRequest, reply: FastifyReply, error: ForewarnError) =>
  sendProblem(reply, problemOf(error, request))

/** Past the route's own serializer, which may know another answer under this status (503 of /health/ready). */
const sendProblem = (reply: FastifyReply, problem: Problem) =>
  reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]!

/** How an error is told. */
export function problemOf(error: ForewarnError, request: FastifyRequest): Problem {
  return {
    type: `urn:forewarn:error:${error.code}`,
    title: error.code.toLowerCase().replaceAll('_', ' '),
    status: error.status,
    detail: error.message,
    instance: pathOf(request),
    code: error.code,
    next: error.next,
    remedy: error.remedy,
    ...(error.code === 'TICKET_STALE' && { changes: error.details.changes as Problem['changes'] }),
  }
}

/** Fastify's own refusals (too large, wrong content type, broken JSON) keep their 4xx status. */
function clientStatus(thrown: FastifyError): number | undefined {
  const { statusCode } = thrown
  return !(thrown instanceof ForewarnError) && statusCode && statusCode >= 400 && statusCode < 500
    ? statusCode
    : undefined
}

function asForewarnError(thrown: FastifyError, request: FastifyRequest): ForewarnError {
  if (thrown instanceof ForewarnError) return thrown
  if (hasZodFastifySchemaValidationErrors(thrown) || clientStatus(thrown)) {
    return new ForewarnError('REQUEST_INVALID', { problem: messageOf(thrown) }, thrown)
  }
  // What broke inside is for the log, which has the same reference, not for the network.
  return new ForewarnError('INTERNAL', { problem: `see the log at reference ${request.id}` }, thrown)
}

function invalidPlaces(thrown: FastifyError): Pick<Problem, 'errors'> {
  if (!hasZodFastifySchemaValidationErrors(thrown)) return {}
  const place = thrown.validationContext ?? 'request'
  return {
    errors: thrown.validation.map((v) => ({
      path: `${place}${v.instancePath}`,
      problem: v.message ?? v.keyword,
    })),
  }
}
