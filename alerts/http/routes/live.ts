import type { App } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { problem } from '../schemas/common.ts'
import { liveEvent } from '../schemas/live.ts'
import { createLiveHub } from '../sse.ts'

export function liveRoutes(app: App, { bus, clock }: ServerDeps): void {
  const hub = createLiveHub({ bus, clock })
  // Before the server waits for open requests: these would never end by themselves.
  app.addHook('preClose', async () => hub.close())

  app.get(
    '/api/live',
    {
      schema: {
        tags: ['live'],
        summary: 'Server-sent events: tickets, scores (at most four times a second), changes of state',
        response: {
          200: {
            description: 'A stream; `event` is the kind, `data` the event as JSON',
            content: { 'text/event-stream': { schema: liveEvent } },
          },
          default: { description: 'An error', content: { 'application/problem+json': { schema: problem } } },
        },
      },
    },
    (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // The connection ends with the stream: kept alive, it would hold up the server's close.
        connection: 'close',
        'x-accel-buffering': 'no',
      })
      hub.join(reply.raw)
    },
  )
}
