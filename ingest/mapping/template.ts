import { describe } from '../codec/json.ts'
import type { Captures } from './pattern.ts'
import { lookUp, type Pointer, parsePointer } from './pointer.ts'

/** What a template is filled from: the topic's placeholders and the payload (or the element of it). */
export interface Source {
  readonly captures: Captures
  readonly element: unknown
}

/** The filled text, or what was missing. */
export type Filled =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string }

export interface Template {
  readonly text: string
  /** It is always the same text. */
  readonly constant: boolean
  fill(source: Source): Filled
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string; readonly slug: boolean }
  | { readonly kind: 'pointer'; readonly text: string; readonly pointer: Pointer; readonly slug: boolean }

/** A placeholder's name or a JSON pointer, and whether it is to be made fit for a name. */
const hole = /\{([^{}|]*)(\|slug)?\}/g

/**
 * Compiles a text such as `{line}-{device}`, `{/tags/machine}` (a JSON pointer into the payload) or `{device|slug}`
 * (every character that a name cannot have becomes `-`). `names` are the placeholders there are. Returns in words what
 * is wrong with it.
 */
export function compileTemplate(text: string, names: readonly string[]): Template | string {
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(hole)) {
    parts.push({ kind: 'literal', text: text.slice(from, found.index) })
    const part = partOf(found[1]!, found[2] !== undefined, names)
    if (typeof part === 'string') return part
    parts.push(part)
    from = found.index + found[0].length
  }
  parts.push({ kind: 'literal', text: text.slice(from) })
  if (parts.some((part) => part.kind === 'literal' && /[{}]/.test(part.text))) return 'a brace has no partner'
  const constant = parts.every((part) => part.kind === 'literal')
  return { text, constant, fill: (source) => fill(parts, source) }
}

function partOf(inside: string, slug: boolean, names: readonly string[]): Part | string {
  if (names.includes(inside)) return { kind: 'name', name: inside, slug }
  if (!inside.startsWith('/')) {
    const known = names.length > 0 ? `there are ${names.join(', ')}` : 'there are none'
    return `the topic has no placeholder ${inside || '{}'}: ${known}`
  }
  const pointer = parsePointer(inside)
  if (!pointer) return `${inside} is no JSON pointer (RFC 6901)`
  return { kind: 'pointer', text: inside, pointer, slug }
}

function fill(parts: readonly Part[], source: Source): Filled {
  let text = ''
  for (const part of parts) {
    const value = part.kind === 'literal' ? part.text : textOf(part, source)
    if (value === undefined) return { ok: false, problem: problemOf(part, source) }
    text += part.kind !== 'literal' && part.slug ? slug(value) : value
  }
  return { ok: true, text }
}

function textOf(part: Exclude<Part, { kind: 'literal' }>, { captures, element }: Source): string | undefined {
  if (part.kind === 'name') return captures[part.name]
  const value = lookUp(element, part.pointer)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

const problemOf = (part: Part, { element }: Source): string =>
  part.kind === 'pointer'
    ? `${part.text} is ${describe(lookUp(element, part.pointer))}, a name belongs there`
    : 'a placeholder is empty'

const slug = (text: string): string => text.replaceAll(/[^A-Za-z0-9_.:-]+/g, '-')
