import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Components } from './examples.ts'
import { buildServer } from './server.ts'
import { type DatabaseWorld, databaseWorld } from './testing/databaseWorld.ts'
import { type Route, requestsTo, type Wanted } from './testing/requests.ts'

/** Every route of the API document, whoever added it, is asked this often, the same each time. */
const runs = 80
const seed = 20_261

let world: DatabaseWorld
let server: FastifyInstance
let routes: readonly Route[]
let components: Components
beforeAll(async () => {
  world = await databaseWorld()
  server = await buildServer(world.deps)
  const document = (await server.inject('/docs/json')).json()
  components = document.components.schemas
  routes = routesOf(document.paths)
})
afterAll(async () => {
  await server.close()
  await world.close()
})

interface Operation {
  readonly parameters?: Route['parameters']
  readonly requestBody?: { content?: Record<string, { schema?: Route['body'] }> }
  readonly responses: Route['answers']
}

/** All but those that answer with a stream without end. */
const routesOf = (paths: Readonly<Record<string, Record<string, Operation>>>): Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => !('text/event-stream' in (responses[200]?.content ?? {})))
      .map(([method, { parameters = [], requestBody, responses }]) => ({
        method,
        path,
        parameters,
        body: Object.values(requestBody?.content ?? {})[0]?.schema,
        answers: responses,
      })),
  )

/** What is wrong with the answer to a request; undefined where it is a proper one. */
async function problemOf(route: Route, wanted: Wanted): Promise<string | undefined> {
  world.errors.length = 0
  const { statusCode: status, headers, body } = await server.inject(wanted as InjectOptions)
  const said = `${status} ${body.slice(0, 300)} ${world.errors.map((error) => JSON.stringify(error, causes)).join()}`
  if (status >= 500 && !(status in route.answers)) return said
  if (
    status >= 400 &&
    !(status in route.answers) &&
    !String(headers['content-type']).startsWith('application/problem+json')
  ) {
    return `an error that is no problem+json: ${said}`
  }
  return undefined
}

const causes = (_key: string, value: unknown) =>
  value instanceof Error
    ? `${value.message} < ${value.cause ?? ''} ${value.stack?.split('\n')[1] ?? ''}`
    : value

it('answers everything that comes, to every route, without an error of its own', async () => {
  const found: string[] = []
  let good = 0
  for (const route of routes) {
    const result = await fc.check(
      fc.asyncProperty(requestsTo(route, components), async (wanted) => {
        const problem = await problemOf(route, wanted)
        if (problem === undefined) good++
        else throw new Error(problem)
      }),
      { seed, numRuns: runs, maxSkipsPerRun: 0 },
    )
    if (!result.failed) continue
    const [wanted] = result.counterexample!
    found.push(`${JSON.stringify(wanted).slice(0, 400)}: ${String(result.errorInstance)}`)
  }
  expect(found).toEqual([])
  expect(routes.length).toBeGreaterThan(40)
  expect(good).toBe(routes.length * runs)
}, 240_000)
