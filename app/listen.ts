import type { FastifyInstance } from 'fastify'
import type { Config } from '../core/config.ts'
import { ForewarnError } from '../core/errors.ts'

/** Listens and returns the port in use. Throws PORT_IN_USE. */
export async function listen(server: FastifyInstance, { host, port }: Config['http']): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new ForewarnError('PORT_IN_USE', { port, host, what: 'the page and API', key: 'http.port' }, error)
  }
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : port
}
