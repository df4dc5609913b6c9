import type { Catalogue } from '../../core/catalogue.ts'
import { isName } from '../codec/topic.ts'
import type { Fault } from './fault.ts'
import type { Place } from './mapped.ts'
import type { NamedFile } from './schema.ts'
import { compileTemplate, type Filled, type Source, type Template } from './template.ts'

/** `untaken`: a table has no such entry, and says nothing of others. */
type NamedText = Filled | { readonly ok: 'untaken'; readonly problem: string }

interface Named {
  /** All texts that it can become, where they are known beforehand. */
  readonly possible: readonly string[] | undefined
  fill(source: Source): NamedText
}

export type FoundPlace =
  | { readonly ok: true; readonly place: Place }
  | { readonly ok: false; readonly problem: string }
  | { readonly ok: 'untaken'; readonly problem: string }

/** Where the devices of a rule are. */
export interface Places {
  /** Asset types that it can name, of the catalogue; `certain` where there is no other. */
  readonly assetTypes: readonly string[]
  readonly certain: boolean
  find(source: Source): FoundPlace
}

interface PlacesFile {
  readonly site: NamedFile
  readonly assetType: NamedFile
  readonly device: NamedFile
}

/** Compiles site, asset type and device of a rule at `path`. Throws MAPPING_INVALID. */
export function compilePlaces(
  file: PlacesFile,
  names: readonly string[],
  catalogue: Catalogue,
  path: string,
  fault: Fault,
): Places {
  const site = named(file.site, names, `${path}.site`, fault)
  const assetType = named(file.assetType, names, `${path}.assetType`, fault)
  const device = named(file.device, names, `${path}.device`, fault)
  const stranger = assetType.possible?.find((type) => !catalogue.has(type))
  if (stranger !== undefined) throw fault(`${path}.assetType`, `the catalogue has no asset type ${stranger}`)
  return {
    assetTypes: assetType.possible ?? [...catalogue.keys()],
    certain: assetType.possible !== undefined,
    find: (source) => placeOf(site.fill(source), assetType.fill(source), device.fill(source)),
  }
}

function placeOf(site: NamedText, assetType: NamedText, device: NamedText): FoundPlace {
  if (site.ok !== true) return site
  if (assetType.ok !== true) return assetType
  if (device.ok !== true) return device
  return { ok: true, place: { site: site.text, assetType: assetType.text, device: device.text } }
}

function named(file: NamedFile, names: readonly string[], path: string, fault: Fault): Named {
  if (typeof file === 'string') {
    const text = template(file, names, path, fault)
    if (text.constant && !isName(file)) throw fault(path, unfit(file))
    return { possible: text.constant ? [file] : undefined, fill: (source) => checked(text.fill(source)) }
  }
  const key = template(file.lookup, names, `${path}.lookup`, fault)
  const table = new Map(Object.entries(file.in))
  const possible = [...table.values(), ...(file.otherwise === undefined ? [] : [file.otherwise])]
  const bad = possible.find((name) => !isName(name))
  if (bad !== undefined) throw fault(path, unfit(bad))
  return { possible, fill: (source) => lookUpIn(table, file.otherwise, key.fill(source)) }
}

function lookUpIn(table: ReadonlyMap<string, string>, otherwise: string | undefined, key: Filled): NamedText {
  if (!key.ok) return key
  const text = table.get(key.text) ?? otherwise
  return text === undefined
    ? { ok: 'untaken', problem: `no table has an entry for ${key.text}` }
    : { ok: true, text }
}

const checked = (filled: Filled): Filled =>
  !filled.ok || isName(filled.text) ? filled : { ok: false, problem: unfit(filled.text) }

const unfit = (name: string): string =>
  `"${name.slice(0, 80)}" is no name (1 to 64 of A-Z a-z 0-9 _ . : -): look it up in a table, or use {...|slug}`

/** Throws MAPPING_INVALID. */
export function template(text: string, names: readonly string[], path: string, fault: Fault): Template {
  const compiled = compileTemplate(text, names)
  if (typeof compiled === 'string') throw fault(path, compiled)
  return compiled
}
