import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import type { Fault } from './fault.ts'
import type { Places } from './places.ts'
import type { SourceFile } from './schema.ts'
import { type Conversion, conversion, convert } from './units.ts'

/** A publisher's value on its way to a channel: first `scale` and `offset`, then the unit. */
export interface ValueSource {
  readonly channel: string
  readonly scale: number
  readonly offset: number
  readonly conversion: Conversion
}

/** Sources by the publisher's name for them. */
export type Sources = ReadonlyMap<string, ValueSource>

/** Sources by asset type; a text where the rule does not suit that type, which says why. */
export type SourcesByType = ReadonlyMap<string, Sources | string>

export interface SourceEntry {
  readonly key: string
  readonly channel: string
  readonly file: SourceFile
}

/**
 * Compiles where each channel's values come from, for every asset type that a rule can name: a unit is converted to that
 * type's. Throws MAPPING_INVALID where a type that the rule certainly names does not suit it, or none at all does.
 */
export function compileSources(
  entries: readonly SourceEntry[],
  places: Pick<Places, 'assetTypes' | 'certain'>,
  catalogue: Catalogue,
  path: string,
  fault: Fault,
): SourcesByType {
  if (entries.length === 0) throw fault(path, 'nothing stands in it')
  const byType = new Map<string, Sources | string>()
  let first: { key: string; problem: string } | undefined
  for (const name of places.assetTypes) {
    const found = sourcesFor(catalogue.get(name)!, entries)
    if ('problem' in found) first ??= found
    byType.set(name, 'problem' in found ? found.problem : found.sources)
  }
  const suits = [...byType.values()].some((sources) => typeof sources !== 'string')
  if (first && (places.certain || !suits)) throw fault(`${path}.${first.key}`, first.problem)
  return byType
}

type Found = { readonly sources: Sources } | { readonly key: string; readonly problem: string }

function sourcesFor(type: AssetType, entries: readonly SourceEntry[]): Found {
  const sources = new Map<string, ValueSource>()
  for (const { key, channel, file } of entries) {
    const target = type.channels.find((one) => one.name === channel)
    if (!target) return { key, problem: `the asset type ${type.name} has no channel ${channel}` }
    const line = conversion(file.unit ?? target.unit, target.unit)
    if (typeof line === 'string') return { key, problem: line }
    sources.set(key, { channel, scale: file.scale ?? 1, offset: file.offset ?? 0, conversion: line })
  }
  return { sources }
}

/** A number as publishers write it in text; no `Infinity`, no hexadecimal, no decimal comma. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** The value in the catalogue's unit; what is no number stays as it is, for the catalogue's check to name it. */
export function convertValue({ scale, offset, conversion }: ValueSource, value: unknown): unknown {
  const number = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' ? convert(conversion, number * scale + offset) : value
}
