import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { ForewarnError } from '../../core/errors.ts'
import type { App } from './app.ts'
import { sendError } from './errors.ts'

/** Paths that are never a view of the page. */
const machinePaths = /^\/(api|docs|health|metrics|assets)(\/|$)/

const notBuilt = 'The page is not built: `npm run build` builds it. The API is described at /docs.\n'

/**
 * Serves the built page. A path that is no file and no route is one of the page's own views (it routes in the browser),
 * so a browser that asks for HTML there gets the page; everything else gets NOT_FOUND.
 */
export async function installPage(app: App, folder: string | undefined): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, { root: folder, dotfiles: 'ignore', cacheControl: false, setHeaders })
  } else {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply.code(404).type('text/plain').send(notBuilt),
    )
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (built && wantsPage && !machinePaths.test(path)) return reply.sendFile('index.html')
    return sendError(request, reply, new ForewarnError('NOT_FOUND', { path }))
  })
}

/** Vite puts a content hash into the name of every file under assets/; the rest has to be asked for anew. */
function setHeaders(reply: FastifyReply, path: string): void {
  const hashed = path.includes('/assets/')
  reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}
