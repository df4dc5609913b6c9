import { ForewarnError } from '../../../core/errors.ts'
import { errorOf, type FailedAnswer, misconfigured, unavailable, writeError } from './answers.ts'
import { queryPath, type Server, serverOf, writePath } from './flavour.ts'
import type { InfluxPlace } from './place.ts'
import { type Answer, AnswerError, type Request, Transport } from './transport.ts'

export interface ResultSeries {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

type RawSeries = Omit<ResultSeries, 'values'> & { readonly values?: ResultSeries['values'] }

interface QueryAnswer {
  readonly error?: string
  readonly results?: readonly { readonly error?: string; readonly series?: readonly RawSeries[] }[]
}

/** 3 refuses a query that touches more than 432 files, about 72 hours of readings: ask for less time. */
export class TooManyFiles extends ForewarnError {
  constructor(problem: string) {
    super('STORE_MISCONFIGURED', { problem })
  }
}

/**
 * The calls that Forewarn needs, over the client's transport: its WriteApi flushes by itself and swallows the errors of
 * that, and its QueryApi speaks Flux only. All throw STORE_UNAVAILABLE and STORE_MISCONFIGURED.
 */
export class InfluxClient {
  readonly place: InfluxPlace
  /** Organisation of 2.x; where the configuration names none it is set to the only one there is. */
  org: string
  private readonly transport: Transport
  private known: Server | undefined

  constructor(place: InfluxPlace) {
    this.place = place
    this.org = place.org
    this.transport = new Transport(place.url)
  }

  /** Who answers; asked once. */
  async server(): Promise<Server> {
    this.known ??= await this.ping()
    return this.known
  }

  /** Asks anew: it may have been replaced by another version meanwhile. */
  forget(): void {
    this.known = undefined
  }

  /** Throws STORE_MISCONFIGURED also where something else than a known InfluxDB answers. */
  async ping(): Promise<Server> {
    const { token, basic } = this.place
    const authorization = token ? `Token ${token}` : basic
    const { headers } = await this.send({ method: 'GET', path: '/ping', authorization })
    const server = serverOf(headers)
    if (server) return server
    throw misconfigured('no InfluxDB 1.x, 2.x or 3 answers there (/ping names none of these versions)')
  }

  /** Writes line protocol with times in ms, a line each or all lines as one text. Throws WriteRefused as well. */
  async write(lines: string | readonly string[], bucket = this.place.bucket): Promise<void> {
    const { flavour } = await this.server()
    const { status } = await this.authorized(
      {
        method: 'POST',
        path: writePath(flavour, bucket, this.org),
        body: typeof lines === 'string' ? lines : lines.join('\n'),
        type: 'text/plain; charset=utf-8',
      },
      writeError,
    )
    // 204 is the one answer that says "stored"; proxies and login pages answer 200.
    if (status !== 204) throw unavailable(`it answered ${status} to a write`)
  }

  /** Runs InfluxQL statements, one result each; times come in ms. `bucket` null: outside of any. Throws TooManyFiles. */
  async query(
    statements: string,
    params: Readonly<Record<string, string>> = {},
    bucket: string | null = this.place.bucket,
  ): Promise<(readonly ResultSeries[])[]> {
    const { flavour } = await this.server()
    const { body } = await this.authorized(
      {
        method: 'POST',
        path: queryPath(flavour, bucket ?? undefined),
        body: new URLSearchParams({ q: statements, params: JSON.stringify(params) }).toString(),
        type: 'application/x-www-form-urlencoded',
      },
      queryError,
    )
    return resultsOf(body as QueryAnswer | undefined)
  }

  /** A call of the management API with JSON. */
  async manage(method: Request['method'], path: string, body?: object): Promise<unknown> {
    const request = { method, path, type: 'application/json', body: body ? JSON.stringify(body) : '' }
    return (await this.authorized(request)).body
  }

  close(): void {
    this.transport.close()
  }

  private async authorized(request: Request, translate: Translate = errorOf): Promise<Answer> {
    const { token, basic } = this.place
    const { flavour } = await this.server()
    const isBasic = token === '' || (flavour === 'v1' && basic !== undefined)
    return this.send({ ...request, authorization: isBasic ? basic : `Token ${token}` }, translate)
  }

  private async send(request: Request, translate: Translate = errorOf): Promise<Answer> {
    try {
      return await this.transport.send(request)
    } catch (error) {
      throw error instanceof AnswerError ? translate(error.answer) : error
    }
  }
}

type Translate = (answer: FailedAnswer) => Error

/** Statements are ours: one that cannot be parsed is our mistake. */
const queryError: Translate = (answer) =>
  answer.status === 400 ? new ForewarnError('INTERNAL', { problem: answer.body }) : errorOf(answer)

/** Errors of a query come with HTTP 200 as well. */
function resultsOf(answer: QueryAnswer | undefined): (readonly ResultSeries[])[] {
  const results = answer?.results ?? []
  const error = answer?.error ?? results.find((result) => result.error)?.error
  if (error === undefined) {
    // A series without rows (SHOW DATABASES on a new server) comes without `values`.
    return results.map(({ series = [] }) => series.map((one) => ({ ...one, values: one.values ?? [] })))
  }
  if (/exceed\w* the file limit/.test(error)) throw new TooManyFiles(error)
  throw forAPerson.test(error) ? misconfigured(error) : unavailable(error)
}

const forAPerson =
  /(database|retention policy) not found|authoriz|not allowed|permission|not implemented|must be greater/i
