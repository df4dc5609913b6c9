import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { ForewarnError, messageOf } from '../../../core/errors.ts'

/** Where an InfluxDB is, taken from `influx://[user:password@]host[:8086][/database]`. */
export interface InfluxPlace {
  readonly url: string
  readonly database: string
  /** Basic authorisation: 1.x takes no `Token user:password`. */
  readonly headers: Readonly<Record<string, string>>
}

export function parsePlace(text: string): InfluxPlace {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) {
    throw new ForewarnError('CONFIG_INVALID', {
      path: 'telemetry.url',
      problem: 'expected influx://[user:password@]host:8086/database',
      source: 'forewarn.yaml',
    })
  }
  const scheme = url.protocol === 'influxs:' ? 'https' : 'http'
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return {
    url: `${scheme}://${url.hostname}:${url.port || 8086}`,
    database: decodeURIComponent(url.pathname.slice(1)) || 'forewarn',
    headers: user === ':' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
  }
}

/** What InfluxDB said about lines it did not take, some or all; `status` 400, 413 or 422. */
export class WriteRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface ResultSeries {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

type RawSeries = Omit<ResultSeries, 'values'> & { readonly values?: ResultSeries['values'] }

interface Answer {
  readonly error?: string
  readonly results?: readonly { readonly error?: string; readonly series?: readonly RawSeries[] }[]
}

const timeoutMs = 10_000

/**
 * The two calls that InfluxDB 1.x needs, over the client's transport: its WriteApi flushes by itself and swallows the
 * errors of that, and its QueryApi speaks Flux only. Both throw STORE_UNAVAILABLE and STORE_MISCONFIGURED.
 */
export class InfluxClient {
  readonly place: InfluxPlace
  private readonly agent: HttpAgent
  private readonly influx: InfluxDB

  constructor(place: InfluxPlace) {
    this.place = place
    const secure = place.url.startsWith('https:')
    this.agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 4 })
    this.influx = new InfluxDB({ url: place.url, transportOptions: { agent: this.agent } })
  }

  /** Writes line protocol with times in ms. Throws WriteRefused as well. */
  async write(lines: readonly string[]): Promise<void> {
    const path = `/write?db=${encodeURIComponent(this.place.database)}&precision=ms`
    const status = await this.post(path, lines.join('\n'), 'text/plain; charset=utf-8')
    // 204 is the one answer that says "stored"; proxies and login pages answer 200.
    if (status.code !== 204) throw unavailable(`it answered ${status.code} to a write`)
  }

  /** Runs InfluxQL statements, one result each; times come in ms. */
  async query(
    statements: string,
    params: Readonly<Record<string, string>> = {},
    database: string | undefined = this.place.database,
  ): Promise<(readonly ResultSeries[])[]> {
    const path = `/query?epoch=ms${database === undefined ? '' : `&db=${encodeURIComponent(database)}`}`
    const form = new URLSearchParams({ q: statements, params: JSON.stringify(params) }).toString()
    try {
      const { body } = await this.post(path, form, 'application/x-www-form-urlencoded')
      return resultsOf(body as Answer | undefined)
    } catch (error) {
      // Statements are ours: one that cannot be parsed is our mistake.
      if (error instanceof WriteRefused)
        throw new ForewarnError('INTERNAL', { problem: error.message }, error)
      throw error
    }
  }

  close(): void {
    this.agent.destroy()
  }

  private async post(path: string, body: string, type: string): Promise<{ code: number; body: unknown }> {
    let code = 0
    const options = {
      method: 'POST',
      headers: { 'content-type': type, ...this.place.headers },
      signal: AbortSignal.timeout(timeoutMs),
    }
    try {
      const answer: unknown = await this.influx.transport.request(path, body, options, (_, status) => {
        code = status ?? 0
      })
      return { code, body: answer }
    } catch (error) {
      throw this.translated(error)
    }
  }

  private translated(error: unknown): Error {
    if (!(error instanceof HttpError)) return unavailable(`${this.place.url}: ${messageOf(error)}`, error)
    const text = errorText(error)
    const { statusCode } = error
    if (statusCode === 400 || statusCode === 413 || statusCode === 422)
      return new WriteRefused(statusCode, text)
    if (statusCode === 401 || statusCode === 403 || statusCode === 404) return misconfigured(text, error)
    return unavailable(`${statusCode} ${text}`, error)
  }
}

/** The whole text: the client cuts its message at 1,000 characters. */
function errorText(error: HttpError): string {
  const json = error.json as { error?: unknown; message?: unknown } | undefined
  return String(
    json?.error ?? json?.message ?? (error.body || error.statusMessage || `HTTP ${error.statusCode}`),
  )
}

/** Errors of a query come with HTTP 200. */
function resultsOf(answer: Answer | undefined): (readonly ResultSeries[])[] {
  const results = answer?.results ?? []
  const error = answer?.error ?? results.find((result) => result.error)?.error
  if (error === undefined) {
    // A series without rows (SHOW DATABASES on a new server) comes without `values`.
    return results.map(({ series = [] }) => series.map((one) => ({ ...one, values: one.values ?? [] })))
  }
  if (/database not found|authoriz|not allowed|permission/i.test(error)) throw misconfigured(error)
  throw unavailable(error)
}

const unavailable = (problem: string, cause?: unknown) =>
  new ForewarnError('STORE_UNAVAILABLE', { problem }, cause)
const misconfigured = (problem: string, cause?: unknown) =>
  new ForewarnError('STORE_MISCONFIGURED', { problem }, cause)
