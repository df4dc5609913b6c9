import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { App } from './app.ts'
import { withExamples } from './examples.ts'

const tags = [
  { name: 'tickets', description: 'What a planner works on' },
  { name: 'devices', description: 'The fleet, its trends and scores' },
  { name: 'models', description: 'Versions of the models, and which is in force' },
  { name: 'policy', description: 'How sensitive alarms are, and what they may do by themselves' },
  {
    name: 'maintenance',
    description: 'When machines are worked on: their scores count neither for nor against',
  },
  { name: 'notices', description: 'Devices that are not scored, for longer than is usual' },
  { name: 'receivers', description: 'Webhooks and e-mail about tickets' },
  { name: 'live', description: 'Changes as they happen' },
  { name: 'operations', description: 'What went wrong and what is counted' },
  { name: 'simulator', description: 'The simulated fleet of the demo' },
]

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'One of http.tokens' },
  basic: { type: 'http', scheme: 'basic', description: 'Name and token as user and password' },
} as const

/** The OpenAPI 3.1 document, made of the routes' schemas, at /docs/json and readable at /docs. Before the routes. */
export async function installDocs(
  app: App,
  { version, secured }: { version: string; secured: boolean },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Forewarn',
        version,
        description: 'From machine telemetry to the service ticket. Errors are problem+json (RFC 9457).',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      tags,
      ...(secured && { components: { securitySchemes }, security: [{ bearer: [] }, { basic: [] }] }),
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withExamples(withoutUnused(jsonSchemaTransformObject(document))),
  })
  await app.register(swaggerUi, { routePrefix: '/docs', theme: { title: 'Forewarn API' } })
}

type ApiDocument = ReturnType<typeof jsonSchemaTransformObject>

/** The transform writes each named schema twice, as input and as output; here only answers use names. */
function withoutUnused(document: ApiDocument): ApiDocument {
  if (!('components' in document) || !document.components?.schemas) return document
  const used = Object.entries(document.components.schemas).filter(([name]) => !name.endsWith('Input'))
  return {
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(used) },
  } as ApiDocument
}
