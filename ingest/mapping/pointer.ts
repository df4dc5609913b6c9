import { isObject } from '../codec/json.ts'

/** A JSON pointer (RFC 6901), taken apart: the keys on the way to a value. */
export type Pointer = readonly string[]

const wrongEscape = /~(?![01])/

/** Undefined where the text is no JSON pointer: neither empty nor beginning with `/`, or with a `~` that escapes nothing. */
export function parsePointer(text: string): Pointer | undefined {
  if (text === '') return []
  if (!text.startsWith('/') || wrongEscape.test(text)) return undefined
  return text.slice(1).split('/').map(unescaped)
}

/** `~1` first, then `~0`, so that `~01` becomes `~1` (RFC 6901, section 4). */
const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

export const formatPointer = (pointer: Pointer): string =>
  pointer.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The value that the pointer leads to in a parsed JSON document; undefined where there is none. Never throws. */
export function lookUp(document: unknown, pointer: Pointer): unknown {
  let value = document
  for (const token of pointer) {
    if (Array.isArray(value)) value = arrayIndex.test(token) ? value[Number(token)] : undefined
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token]
    else return undefined
  }
  return value
}

/** Digits without a leading zero (RFC 6901, section 4). */
const arrayIndex = /^(0|[1-9]\d{0,9})$/
