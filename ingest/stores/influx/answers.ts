import { ForewarnError } from '../../../core/errors.ts'

/** What InfluxDB answered to anything that it did not do. */
export interface FailedAnswer {
  readonly status: number
  readonly body: string
  /** As its `Retry-After` header asks, ms. */
  readonly retryAfterMs: number | undefined
}

/** A line that was not stored, by its number in the request; the first is 1. */
export interface BadLine {
  readonly number: number
  readonly message: string
}

/** What InfluxDB said about lines it did not take, some or all; `status` 400, 413 or 422. */
export class WriteRefused extends Error {
  readonly status: number
  /** Lines that it names, 3 only; all others of the request are then stored. */
  readonly lines: readonly BadLine[]

  constructor(status: number, message: string, lines: readonly BadLine[] = []) {
    super(message)
    this.status = status
    this.lines = lines
  }
}

/**
 * Words of an answer that is about lines, not about us: 1.x and 2.x `partial write`, `unable to parse`; 3 `partial write
 * of line protocol occurred`, `parsing failed`, `line protocol parse failed`.
 */
const aboutLines = /partial write|unable to parse|line protocol|parsing failed|field type conflict/i
/** Limits of 3 on databases, tables and columns: no reading is at fault, and splitting would not help. */
const aboutSchema = /would exceed/

/** The error of a write by status and words: retry, split (WriteRefused) or stop. */
export function writeError(answer: FailedAnswer): Error {
  const { status } = answer
  if (status !== 400 && status !== 413 && status !== 422) return errorOf(answer)
  const { text, lines } = read(answer)
  if (aboutSchema.test(text) || lines.some(({ message }) => aboutSchema.test(message))) {
    return misconfigured(lines[0]?.message ?? text)
  }
  // A request that is too large is always worth halving: a proxy before InfluxDB says so in words of its own.
  return status === 413 || aboutLines.test(text) ? new WriteRefused(status, text, lines) : errorOf(answer)
}

/** The error of any request that is not a write of lines: STORE_MISCONFIGURED or STORE_UNAVAILABLE. */
export function errorOf(answer: FailedAnswer): ForewarnError {
  const { status, retryAfterMs } = answer
  const text = `${status} ${read(answer).text}`
  const isTransient = status >= 500 || transient.has(status)
  if (!isTransient || /(retention policy|database) not found/.test(text)) return misconfigured(text)
  return unavailable(text, undefined, retryAfterMs)
}

/** Request timeout, too early, too many requests. */
const transient: ReadonlySet<number> = new Set([408, 425, 429])

interface Body {
  readonly error?: unknown
  readonly message?: unknown
  /** 3: the lines it did not take, or a single one. */
  readonly data?: unknown
}

/** 1.x says `error`, 2.x `code` and `message`, 3 `error` and `data`, all of them now and then nothing or plain text. */
function read({ status, body }: FailedAnswer): { text: string; lines: BadLine[] } {
  const json = parsed(body)
  const said = json?.error ?? json?.message ?? body.trim()
  return { text: String(said || (meanings.get(status) ?? 'without a word')), lines: linesOf(json?.data) }
}

/** 3 answers 401 and 403 with an empty body. */
const meanings: ReadonlyMap<number, string> = new Map([
  [401, 'user, password or token are missing or wrong'],
  [403, 'user or token may not do this'],
  [404, 'not found'],
])

function parsed(body: string): Body | undefined {
  try {
    const json: unknown = JSON.parse(body)
    return json !== null && typeof json === 'object' ? (json as Body) : undefined
  } catch {
    return undefined
  }
}

function linesOf(data: unknown): BadLine[] {
  const rows: unknown[] = Array.isArray(data) ? data : data ? [data] : []
  return rows.flatMap((row) => {
    const { line_number: number, error_message: message } = row as Record<string, unknown>
    return typeof number === 'number' ? [{ number, message: String(message) }] : []
  })
}

/** STORE_UNAVAILABLE; `retryAfterMs` where the server asks for a pause. */
export const unavailable = (problem: string, cause?: unknown, retryAfterMs?: number): ForewarnError =>
  new ForewarnError(
    'STORE_UNAVAILABLE',
    { problem, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    cause,
  )

export const misconfigured = (problem: string, cause?: unknown): ForewarnError =>
  new ForewarnError('STORE_MISCONFIGURED', { problem }, cause)
