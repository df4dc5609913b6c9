import type { Problem } from './types.ts'

/** What the server (or the way to it) refused, with the way out in words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly remedy: string,
    /** Code of the error catalogue, where the server gave one. */
    readonly code?: Problem['code'],
    /** Who changed what since the version that was edited; of a stale edit alone. */
    readonly changes: NonNullable<Problem['changes']> = [],
  ) {
    super(detail)
  }
}

const unreachable = (): ApiError =>
  new ApiError(
    0,
    'No connection',
    'Forewarn does not answer.',
    'Check that the process runs and that this computer reaches it; the page tries again by itself.',
  )

/** The error that an answer means. `status` 0: none came. `body`: its JSON, null where it is none. */
export function problemFrom(status: number, statusText: string, body: unknown): ApiError {
  if (status === 0) return unreachable()
  const problem = body as Partial<Problem> | null
  return new ApiError(
    status,
    problem?.title ?? `HTTP ${status}`,
    problem?.detail ?? statusText,
    problem?.remedy ?? 'Reload the page; the log of the process says more.',
    problem?.code,
    problem?.changes,
  )
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw unreachable()
  })
  if (!response.ok)
    throw problemFrom(response.status, response.statusText, await response.json().catch(() => null))
  return (await response.json()) as T
}

/** Throws ApiError. */
export const getJson = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request<T>(path, signal ? { signal } : {})

const withBody =
  (method: 'POST' | 'PUT' | 'PATCH') =>
  <T>(path: string, body: unknown): Promise<T> =>
    request<T>(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

/* Each throws ApiError. */
export const postJson = withBody('POST')
export const putJson = withBody('PUT')
export const patchJson = withBody('PATCH')
export const deleteAt = (path: string): Promise<unknown> => request(path, { method: 'DELETE' })

/** A path with its parts escaped: path`/api/devices/${'a/b'}`. */
export const path = (strings: TemplateStringsArray, ...parts: (string | number)[]): string =>
  String.raw({ raw: strings }, ...parts.map((p) => encodeURIComponent(p)))

/** A query string of what is defined. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, v]) => v !== undefined && v !== '')
  return given.length ? `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}` : ''
}
