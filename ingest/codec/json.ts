import { messageOf } from '../../core/errors.ts'
import type { DeadLetterReason } from '../../core/reading.ts'

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly detail: string }

const byteOrderMark = 0xfeff

/**
 * The payload as a JSON value (RFC 8259). A byte order mark in front is skipped, which the RFC allows a parser; the
 * literals NaN and Infinity are not JSON. Never throws.
 */
export function parseJson(payload: Uint8Array): ParsedJson {
  if (payload.length === 0) return { ok: false, reason: 'empty_payload', detail: 'no bytes' }
  try {
    const text = textOf(payload)
    return { ok: true, value: JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text) }
  } catch (thrown) {
    return { ok: false, reason: 'not_json', detail: printable(messageOf(thrown)) }
  }
}

/** How many readings a payload holds that is refused as a whole: the length of an array, otherwise 1. */
export function readingsIn(payload: Uint8Array): number {
  const json = parseJson(payload)
  return json.ok && Array.isArray(json.value) ? json.value.length : 1
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.isBuffer(bytes)
    ? bytes.toString('utf8')
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value of the payload in a few words for a dead letter's detail; bounded, whatever the device sent. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return `text "${printable(value, 40)}"`
  return String(value)
}

/** Cuts to `length` characters and replaces control characters and lone surrogates: fit for logs and SQL. */
export function printable(text: string, length = 160): string {
  const cut = text.length > length ? `${text.slice(0, length)}...` : text
  return cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '?')
}
