import type { Config } from '../core/config.ts'
import { type ErrorCode, errorCatalogue, ForewarnError, messageOf } from '../core/errors.ts'
import { httpUrl } from './urls.ts'

/** The HTTP API of a running installation, as a command asks it. */
export interface ApiClient {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
}

export interface ApiOptions {
  /** Default: where the configuration says that it listens. */
  readonly url?: string | undefined
  /** Default: the first of `http.tokens`. */
  readonly token?: string | undefined
}

/**
 * Throws API_UNAVAILABLE where nobody answers, and the error that the API tells.
 */
export function createApiClient({ http }: Pick<Config, 'http'>, { url, token }: ApiOptions): ApiClient {
  const base = url ?? httpUrl(http, http.port)
  const secret = token ?? http.tokens[0]?.split(':')[1]
  const headers = { ...(secret !== undefined && { authorization: `Bearer ${secret}` }) }
  const withBody = { ...headers, 'content-type': 'application/json' }

  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(new URL(path, base), init).catch((error: Error) => {
      throw new ForewarnError(
        'API_UNAVAILABLE',
        { url: base, problem: messageOf(error.cause ?? error) },
        error,
      )
    })
    const content: unknown = await response.json().catch(() => undefined)
    if (response.ok) return content as T
    throw toldBy(content, base, response.status)
  }

  return {
    get: (path) => ask(path, { headers }),
    post: (path, body) => ask(path, { method: 'POST', headers: withBody, body: JSON.stringify(body) }),
    put: (path, body) => ask(path, { method: 'PUT', headers: withBody, body: JSON.stringify(body) }),
    delete: (path) => ask(path, { method: 'DELETE', headers }),
    patch: (path, body) => ask(path, { method: 'PATCH', headers: withBody, body: JSON.stringify(body) }),
  }
}

/** The problem+json of the API as the error that it was: in its words, for they are filled in already. */
function toldBy(content: unknown, url: string, status: number): ForewarnError {
  const { code, detail, remedy } = (content ?? {}) as Readonly<Record<string, unknown>>
  if (typeof code !== 'string' || !(code in errorCatalogue))
    return new ForewarnError('API_UNAVAILABLE', { url, problem: `it answers with status ${status}` })
  const error = new ForewarnError(code as ErrorCode, { problem: detail })
  return Object.assign(error, { message: String(detail), remedy: String(remedy) })
}
