import { describe, printable } from '../codec/json.ts'
import type { Fault } from './fault.ts'
import { lookUp, type Pointer, parsePointer } from './pointer.ts'
import type { RuleFile } from './schema.ts'
import { convertValue, type SourceEntry, type Sources } from './sources.ts'
import type { Source, Template } from './template.ts'

/** Channel values of one element, or why there are none; `stranger`: a name that the rule does not list. */
export type FoundValues =
  | { readonly ok: true; readonly values: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string }
  | { readonly ok: 'stranger'; readonly problem: string }

export interface ValueReader {
  readonly entries: readonly SourceEntry[]
  /** Where in the rule the entries stand. */
  readonly path: string
  read(source: Source, sources: Sources): FoundValues
}

/** Several channels of one element, each behind its pointer. Throws MAPPING_INVALID. */
export function fieldReader(
  values: NonNullable<RuleFile['values']>,
  path: string,
  fault: Fault,
): ValueReader {
  const fields = Object.entries(values).map(([key, { at }]) => ({
    key,
    at,
    pointer: pointerOf(at, `${path}.values.${key}.at`, fault),
  }))
  return {
    entries: Object.entries(values).map(([key, file]) => ({ key, channel: key, file })),
    path: `${path}.values`,
    read: ({ element }, sources) => {
      const found: Record<string, unknown> = {}
      for (const { key, pointer } of fields) {
        const value = lookUp(element, pointer)
        if (value !== undefined && value !== null) found[key] = convertValue(sources.get(key)!, value)
      }
      if (Object.keys(found).length > 0) return { ok: true, values: found }
      return {
        ok: false,
        problem: `there is nothing at ${fields.map(({ at }) => at || '(root)').join(', ')}`,
      }
    },
  }
}

/** The one channel of an element, known by the publisher's name for it. */
export function namedReader(
  channels: NonNullable<RuleFile['channels']>,
  channel: Template,
  value: Pointer,
  path: string,
): ValueReader {
  return {
    entries: Object.entries(channels).map(([key, file]) => ({ key, channel: file.channel, file })),
    path: `${path}.channels`,
    read: (source, sources) => {
      const name = channel.fill(source)
      if (!name.ok) return name
      const into = sources.get(name.text)
      if (!into) return { ok: 'stranger', problem: `${printable(name.text, 64)} is not among the channels` }
      const raw = lookUp(source.element, value)
      if (raw === undefined || raw === null)
        return { ok: false, problem: `the value of ${printable(name.text, 64)} is ${describe(raw)}` }
      return { ok: true, values: { [into.channel]: convertValue(into, raw) } }
    },
  }
}

/** Throws MAPPING_INVALID. */
export function pointerOf(text: string, path: string, fault: Fault): Pointer {
  const pointer = parsePointer(text)
  if (!pointer) throw fault(path, `${text} is no JSON pointer (RFC 6901): it begins with /, or is empty`)
  return pointer
}
