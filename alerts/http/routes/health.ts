import { z } from 'zod'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { createMetrics, type MetricsDeps } from '../metrics.ts'
import { alive, health } from '../schemas/health.ts'

const tags = ['operations']

export type HealthDeps = MetricsDeps & Pick<ServerDeps, 'health'>

export function healthRoutes(app: App, deps: HealthDeps): void {
  app.get(
    '/health/live',
    { schema: { tags, summary: 'The process answers', security: [], response: answers(alive) } },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        tags,
        summary: 'Every part works; 503 names those that do not',
        response: { ...answers(health), 503: health },
      },
    },
    async (_request, reply) => {
      const state = await deps.health()
      return reply.code(state.ready ? 200 : 503).send(state)
    },
  )

  const metrics = createMetrics(deps)
  app.get(
    '/metrics',
    {
      schema: {
        tags,
        summary: 'Metrics in the text format of Prometheus',
        response: {
          200: {
            description: 'Metrics',
            content: { 'text/plain': { schema: z.string() } },
          },
          default: answers(z.string()).default,
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.scrape()),
  )
}
