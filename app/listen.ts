import type { FastifyInstance } from 'fastify'
import type { Config } from '../core/config.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'

/** The address is not this machine's, its name is unknown, or the port needs more rights: the configuration is wrong. */
const wrongAddress: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES'])

/** Listens and returns the port in use. Throws PORT_IN_USE or CONFIG_INVALID. */
export async function listen(
  server: FastifyInstance,
  { host, port }: Pick<Config['http'], 'host' | 'port'>,
): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (wrongAddress.has(code)) {
      const path = code === 'EACCES' ? 'http.port' : 'http.host'
      const details = { path, problem: messageOf(error), source: 'forewarn.yaml or the environment' }
      throw new ForewarnError('CONFIG_INVALID', details, error)
    }
    if (code !== 'EADDRINUSE') throw error
    throw new ForewarnError('PORT_IN_USE', { port, host, what: 'the page and API', key: 'http.port' }, error)
  }
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : port
}
