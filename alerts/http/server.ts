import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { TlsPair } from '../../core/tls.ts'
import { installAuth } from './auth.ts'
import type { ServerDeps } from './deps.ts'
import { installDocs } from './docs.ts'
import { installErrorHandler } from './errors.ts'
import { installGuard } from './guard.ts'
import { installPage } from './page.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { deviceRoutes } from './routes/devices.ts'
import { type HealthDeps, healthRoutes } from './routes/health.ts'
import { liveRoutes } from './routes/live.ts'
import { maintenanceRoutes } from './routes/maintenance.ts'
import { modelRoutes } from './routes/models.ts'
import { operationsRoutes } from './routes/operations.ts'
import { simulatorRoutes } from './routes/simulator.ts'
import { ticketRoutes } from './routes/tickets.ts'
import { installSecurityHeaders } from './securityHeaders.ts'

/** More than any body here needs. */
const bodyLimit = 64 * 1024
/** A request that takes longer to arrive only holds a connection; answers, such as live streams, may last. */
const requestTimeout = 30_000

/** The HTTP server, ready to `listen` or to be injected into. Closing it ends the live streams. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { app, typed } = createGuardedApp(deps)
  await installDocs(typed, { version: deps.version ?? '0', secured: deps.http.tokens.length > 0 })
  ticketRoutes(typed, deps)
  deviceRoutes(typed, deps)
  maintenanceRoutes(typed, deps)
  catalogueRoutes(typed, deps)
  operationsRoutes(typed, deps)
  modelRoutes(typed, deps)
  liveRoutes(typed, deps)
  simulatorRoutes(typed, deps)
  healthRoutes(typed, deps)
  await installPage(typed, deps.webFolder)
  await app.ready()
  return app
}

/** The server of a process without the web role: how it is, and Node's own metrics. */
export async function buildHealthServer(deps: GuardDeps & HealthDeps): Promise<FastifyInstance> {
  const { app, typed } = createGuardedApp(deps)
  healthRoutes(typed, deps)
  await app.ready()
  return app
}

type GuardDeps = Pick<ServerDeps, 'http' | 'tls' | 'logger'>

/** A server that knows whom it answers, and how to say what is wrong. */
function createGuardedApp({ http, tls, logger }: GuardDeps) {
  const app = createApp(tls)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.setValidatorCompiler(validatorCompiler)
  typed.setSerializerCompiler(serializerCompiler)
  // JSON alone: a cross-site form can post text/plain without asking.
  typed.removeContentTypeParser('text/plain')
  installErrorHandler(typed, logger)
  installSecurityHeaders(typed)
  installGuard(typed, http)
  installAuth(typed, http)
  return { app, typed }
}

/** With a certificate it speaks https alone. The types of fastify tell the two servers apart, nothing here does. */
function createApp(tls: TlsPair | undefined): FastifyInstance {
  const options = {
    logger: false,
    bodyLimit,
    requestTimeout,
    routerOptions: { maxParamLength: 250 },
  } as const
  return tls ? (Fastify({ ...options, https: tls }) as unknown as FastifyInstance) : Fastify(options)
}
