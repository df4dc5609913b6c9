import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * An HTTP server that answers as an InfluxDB would that is not installed here, or one in trouble. It keeps no readings: by
 * default every write is taken and every query finds nothing. What differs is scripted, and cites its documentation.
 */

export interface ScriptedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface ScriptedAnswer {
  readonly status: number
  /** An object is sent as JSON, a text as it is and without a content type. */
  readonly body?: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer to a request; undefined leaves it to the flavour's default. */
export type Script = (request: ScriptedRequest) => ScriptedAnswer | undefined

export interface ScriptedInflux {
  /** `influx://127.0.0.1:port`, without a database. */
  readonly url: string
  readonly requests: ScriptedRequest[]
  /** Requests for a path, `POST /write`. */
  asked(what: string): ScriptedRequest[]
  /** Names of databases (1.x: with policies as `database/policy`) or buckets, with their retention in seconds. */
  readonly places: Map<string, number>
  script: Script
  close(): Promise<void>
}

export type ScriptedFlavour = 'v1' | 'v2' | 'v3'

export async function startScriptedInflux(
  flavour: ScriptedFlavour,
  script: Script = () => undefined,
  places: Iterable<[string, number]> = [
    ['plant', 0],
    ['plant/hourly', 0],
  ],
): Promise<ScriptedInflux> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { pathname: path, searchParams: query } = new URL(request.url!, 'http://scripted')
    const asked = { method: request.method!, path, query, headers: request.headers, body }
    scripted.requests.push(asked)
    const answer = scripted.script(asked) ?? defaults[flavour](asked, scripted.places) ?? { status: 204 }
    const isJson = typeof answer.body === 'object'
    response.writeHead(answer.status, {
      ...(isJson && { 'content-type': 'application/json' }),
      ...answer.headers,
    })
    response.end(isJson ? JSON.stringify(answer.body) : answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const scripted: ScriptedInflux = {
    url: `influx://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    asked: (what) => scripted.requests.filter(({ method, path }) => `${method} ${path}` === what),
    places: new Map(places),
    script,
    close: () => closed(server),
  }
  return scripted
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

type Defaults = (request: ScriptedRequest, places: Map<string, number>) => ScriptedAnswer | undefined

/** https://docs.influxdata.com/influxdb/v1/troubleshooting/frequently-asked-questions/, and the like for 2.x and 3. */
const ping = (status: number, build: string, version: string, body?: object): ScriptedAnswer => ({
  status,
  headers: { 'x-influxdb-build': build, 'x-influxdb-version': version },
  ...(body && { body }),
})

const defaults: Readonly<Record<ScriptedFlavour, Defaults>> = {
  v1: ({ path, body }, places) => {
    if (path === '/ping') return ping(204, 'OSS', '1.7.11')
    return path === '/query' ? answered(body, places) : undefined
  },

  // https://docs.influxdata.com/influxdb/v2/api/buckets/, https://docs.influxdata.com/influxdb/v2/api/organizations/
  v2: ({ method, path, query, body }, places) => {
    if (path === '/ping') return ping(204, 'OSS', 'v2.7.11')
    if (path === '/query') return answered(body, places)
    if (path === '/api/v2/orgs')
      return { status: 200, body: { orgs: [{ id: '00000000000000aa', name: 'works' }] } }
    if (!path.startsWith('/api/v2/buckets')) return undefined
    if (method === 'GET') return { status: 200, body: { buckets: bucketsNamed(query.get('name')!, places) } }
    const { name = decodeURIComponent(path.split('/').at(-1)!).replace('id-of-', ''), retentionRules } =
      JSON.parse(body)
    places.set(name, retentionRules[0].everySeconds)
    return { status: method === 'POST' ? 201 : 200, body: bucketsNamed(name, places)[0]! }
  },

  // https://docs.influxdata.com/influxdb3/core/admin/databases/create/
  v3: ({ method, path, body }, places) => {
    if (path === '/ping') return ping(200, 'Core', '3.8.0', { version: '3.8.0' })
    if (path === '/query') return answered(body, places)
    if (path !== '/api/v3/configure/database') return undefined
    if (method === 'GET')
      return { status: 200, body: [...places.keys()].map((db) => ({ 'iox::database': db })) }
    const { db, retention_period: period } = JSON.parse(body)
    places.set(db, period ? Number.parseInt(period, 10) * 3600 : 0)
    return { status: 200 }
  },
}

const bucketsNamed = (name: string, places: Map<string, number>) =>
  places.has(name)
    ? [
        {
          id: encodeURIComponent(`id-of-${name}`),
          name,
          retentionRules: [{ type: 'expire', everySeconds: places.get(name) }],
        },
      ]
    : []

/** InfluxQL about the places; everything else finds nothing. */
function answered(form: string, places: Map<string, number>): ScriptedAnswer {
  const statements = new URLSearchParams(form).get('q')!.split('; ')
  return {
    status: 200,
    body: {
      results: statements.map((statement, id) => ({ statement_id: id, ...resultOf(statement, places) })),
    },
  }
}

function resultOf(statement: string, places: Map<string, number>): object {
  if (statement === 'SHOW DATABASES') {
    const names = new Set([...places.keys()].map((name) => name.split('/')[0]))
    return { series: [{ name: 'databases', columns: ['name'], values: [...names].map((name) => [name]) }] }
  }
  const database = /^SHOW RETENTION POLICIES ON "(.*)"$/.exec(statement)?.[1]
  return database === undefined ? {} : { series: [policiesOf(database, places)] }
}

/** In the columns that 3 has as well: https://docs.influxdata.com/influxdb3/core/reference/influxql/show/ */
function policiesOf(database: string, places: Map<string, number>): object {
  const ours = [...places].filter(([name]) => name === database || name.startsWith(`${database}/`))
  const values = ours.map(([name, seconds]) => [
    name.slice(database.length + 1) || 'autogen',
    `${seconds / 3600}h0m0s`,
    name === database,
  ])
  return { columns: ['name', 'duration', 'default'], values }
}
