import type { FastifyInstance } from 'fastify'
import type { ServerDeps } from '../deps.ts'
import { buildServer } from '../server.ts'
import { type FakeWorld, fakeWorld } from './world.ts'

export interface TestServer extends FakeWorld {
  readonly server: FastifyInstance
  /** The JSON that the route answers. Throws with the answer when the status is another than `status` (200). */
  get<T>(url: string, status?: number): Promise<T>
  post<T>(url: string, payload?: object, status?: number): Promise<T>
  put<T>(url: string, payload: object, status?: number): Promise<T>
}

const running: FastifyInstance[] = []

/** A server in front of a fake world; `closeServers` belongs into afterAll. */
export async function serve(changes: Partial<ServerDeps> = {}): Promise<TestServer> {
  const world = fakeWorld(changes)
  const server = await buildServer(world.deps)
  running.push(server)
  async function ask<T>(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    payload: object | undefined,
    status = 200,
  ): Promise<T> {
    const reply = await server.inject({ method, url, ...(payload && { payload }) })
    if (reply.statusCode !== status)
      throw new Error(`${method} ${url} answered ${reply.statusCode}: ${reply.body}`)
    return reply.json<T>()
  }
  return {
    ...world,
    server,
    get: (url, status) => ask('GET', url, undefined, status),
    post: (url, payload = {}, status) => ask('POST', url, payload, status),
    put: (url, payload, status) => ask('PUT', url, payload, status),
  }
}

export async function closeServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()))
}
