import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from './server.ts'
import { fakeWorld } from './testing/world.ts'

interface Operation {
  summary?: string
  tags?: string[]
  requestBody?: unknown
  parameters?: { name: string; in: string }[]
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>
}
interface OpenApi {
  openapi: string
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

let document: OpenApi
let server: Awaited<ReturnType<typeof buildServer>>
beforeAll(async () => {
  server = await buildServer(fakeWorld().deps)
  document = (await server.inject('/docs/json')).json()
})
afterAll(() => server.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )

describe('OpenAPI document', () => {
  it('holds every route', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info.version).toBe('1.2.3')
    expect(operations().map((o) => o.name)).toEqual([
      'GET /api/tickets',
      'GET /api/tickets/{id}',
      'GET /api/tickets/{id}/evidence',
      'GET /api/tickets/{id}/prediction',
      'POST /api/tickets/{id}/schedule',
      'POST /api/tickets/{id}/resolve',
      'POST /api/tickets/{id}/acknowledge',
      'POST /api/tickets/{id}/start',
      'POST /api/tickets/{id}/close',
      'POST /api/tickets/{id}/comment',
      'GET /api/devices',
      'GET /api/devices/{device}',
      'GET /api/devices/{device}/trend',
      'GET /api/devices/{device}/scores',
      'GET /api/devices/{device}/decisions',
      'POST /api/devices/{device}/events',
      'GET /api/maintenance',
      'POST /api/maintenance',
      'POST /api/maintenance/{id}/end',
      'GET /api/catalogue',
      'GET /api/summary',
      'GET /api/deadletters',
      'GET /api/queue/failed',
      'POST /api/queue/failed/{id}/retry',
      'GET /api/models',
      'GET /api/models/{assetType}',
      'GET /api/models/{assetType}/comparison',
      'GET /api/models/{assetType}/watch',
      'POST /api/models/{assetType}/promote',
      'POST /api/models/{assetType}/challenge',
      'POST /api/models/{assetType}/withdraw',
      'POST /api/models/{assetType}/rollback',
      'GET /api/live',
      'GET /api/simulator',
      'POST /api/simulator/{device}/break',
      'POST /api/simulator/{device}/repair',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
    ])
  })

  it('gives every route a summary, a tag and a schema of what it answers', () => {
    for (const { name, operation } of operations()) {
      expect(operation.summary, name).toMatch(/^[A-Z].{5,}/)
      expect(operation.tags, name).toHaveLength(1)
      for (const [status, response] of Object.entries(operation.responses!)) {
        for (const [type, { schema }] of Object.entries(response.content!)) {
          expect(Object.keys(schema ?? {}), `${name} ${status} ${type}`).not.toEqual([])
        }
      }
      expect(operation.responses!['200']?.content, name).toBeDefined()
    }
  })

  it('names problem+json as the answer to every error under /api', () => {
    for (const { name, operation } of operations()) {
      if (!name.includes('/api/')) continue
      expect(operation.responses!.default?.content, name).toHaveProperty(['application/problem+json'])
    }
  })

  it('describes every path parameter', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const expected = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1])
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(expected)
      }
    }
  })

  it('refers only to components that are there, and holds none that nobody refers to', () => {
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((m) => m[1])
    expect([...new Set(refs)].sort()).toEqual(Object.keys(document.components.schemas).sort())
  })
})

it('shows Swagger UI from here alone: no inline script, no CDN', async () => {
  const page = await server.inject('/docs')
  expect(page.statusCode).toBe(200)
  const sources = [...page.body.matchAll(/<(?:script|link)[^>]*?(?:src|href)="([^"]*)"/g)].map((m) => m[1]!)
  expect(sources.length).toBeGreaterThan(4)
  for (const url of sources) {
    expect(url).toMatch(/^\/docs\/static\//)
    expect((await server.inject(url)).statusCode, url).toBe(200)
  }
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/)
})
