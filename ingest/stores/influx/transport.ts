import * as http from 'node:http'
import * as https from 'node:https'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { messageOf } from '../../../core/errors.ts'
import { type FailedAnswer, unavailable } from './answers.ts'
import { retryAfterMs } from './retryAfter.ts'

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly body?: string
  /** Content type of the body. */
  readonly type?: string
  readonly authorization?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown
}

/** A status of 300 and more, for the caller to judge. */
export class AnswerError extends Error {
  readonly answer: FailedAnswer

  constructor(answer: FailedAnswer) {
    super(`${answer.status} ${answer.body}`)
    this.answer = answer
  }
}

const timeoutMs = 10_000

/** One request, one answer, over kept-alive connections: nothing is buffered or repeated here. */
export class Transport {
  private readonly agent: http.Agent
  private readonly influx: InfluxDB
  private readonly url: string

  constructor(url: string) {
    this.url = url
    const { Agent } = url.startsWith('https:') ? https : http
    this.agent = new Agent({ keepAlive: true, maxSockets: 4 })
    const transportOptions = { agent: this.agent, 'follow-redirects': wholeBodies }
    this.influx = new InfluxDB({ url, transportOptions })
  }

  /** Throws AnswerError, and STORE_UNAVAILABLE where there is no answer. */
  async send({ method, path, body = '', type, authorization }: Request): Promise<Answer> {
    let status = 0
    let headers: Answer['headers'] = {}
    const signal = AbortSignal.timeout(timeoutMs)
    const options = {
      method,
      headers: { ...(type && { 'content-type': type }), ...(authorization && { authorization }) },
      signal,
    }
    try {
      const answer: unknown = await this.influx.transport.request(path, body, options, (got, code) => {
        headers = got
        status = code ?? 0
      })
      return { status, headers, body: answer }
    } catch (error) {
      if (!(error instanceof HttpError)) {
        const problem = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(error)
        throw unavailable(`${this.url}: ${problem}`, error)
      }
      const pause = retryAfterMs(error.headers?.['retry-after'], Date.now())
      throw new AnswerError({ status: error.statusCode, body: error.body ?? '', retryAfterMs: pause })
    }
  }

  close(): void {
    this.agent.destroy()
  }
}

/**
 * The client cuts an error's body at 1,000 characters unless it is declared as JSON, and 3 declares nothing: its list of
 * bad lines would not arrive. An error without a content type is taken for JSON therefore.
 */
const wholeBodies = {
  http: { request: declaring(http.request) },
  https: { request: declaring(https.request) },
}

function declaring(request: typeof http.request) {
  return (options: http.RequestOptions, callback: (response: http.IncomingMessage) => void) =>
    request(options, (response) => {
      if ((response.statusCode ?? 0) >= 300) response.headers['content-type'] ??= 'application/json'
      callback(response)
    })
}
