import { describe, parseJson, printable } from '../codec/json.ts'
import type { Gather, MappedMessage, Place } from './mapped.ts'
import { Outcome } from './outcome.ts'
import type { Captures, Pattern } from './pattern.ts'
import type { Places } from './places.ts'
import { lookUp, type Pointer } from './pointer.ts'
import type { RuleFile } from './schema.ts'
import type { SourcesByType } from './sources.ts'
import type { Source, Template } from './template.ts'
import { readTime } from './times.ts'
import type { ValueReader } from './values.ts'

/** A rule, compiled: what it needs to take a message. */
export interface Compiled {
  readonly name: string
  readonly file: RuleFile
  readonly split: { readonly of: Template; readonly pattern: Pattern } | undefined
  readonly places: Places
  readonly reader: ValueReader
  readonly sources: SourcesByType
  readonly time: Pointer | undefined
  readonly each: Pointer | undefined
  readonly gather: (assetType: string) => Gather | undefined
}

/** What a message whose topic fits means by the rule; undefined where the rule does not take it. */
export function mapMessage(
  rule: Compiled,
  captures: Captures,
  payload: Uint8Array,
  receivedAt: number,
): MappedMessage | undefined {
  const outcome = new Outcome()
  for (const element of elementsIn(rule, payload, outcome)) {
    const found = resolve(rule, { captures, element }, receivedAt)
    if (found.is === 'untaken' && rule.each === undefined) return undefined
    take(rule, found, outcome)
  }
  return {
    kind: 'mapped',
    rule: rule.name,
    groups: outcome.groups(),
    rejections: outcome.rejections(),
    ignored: outcome.ignored,
  }
}

/** The payload, or the elements of the array in it that the rule takes one by one. */
function elementsIn(rule: Compiled, payload: Uint8Array, outcome: Outcome): readonly unknown[] {
  if (rule.file.payload === 'number' && payload.length > 0) return [numberText(payload)]
  const json = parseJson(payload)
  if (!json.ok) {
    outcome.refuse(json.reason, `rule ${rule.name}: ${json.detail}`)
    return []
  }
  if (!rule.each) return [json.value]
  const elements = lookUp(json.value, rule.each)
  if (Array.isArray(elements)) return elements
  const problem = `${rule.file.each || '(root)'} is ${describe(elements)}, an array belongs there`
  outcome.refuse('bad_mapping', `rule ${rule.name}: ${problem}`)
  return []
}

const numberText = (payload: Uint8Array): string =>
  Buffer.from(payload.subarray(0, 100)).toString('utf8').trim()

/** What an element is: a reading, or why not. A stranger is something that the rule does not list. */
type Resolved =
  | { readonly is: 'reading'; readonly place: Place; readonly time: number; readonly values: Values }
  | { readonly is: 'untaken' | 'stranger' | 'bad' | 'unknown type'; readonly problem: string }
type Values = Readonly<Record<string, unknown>>

function resolve(rule: Compiled, element: Source, receivedAt: number): Resolved {
  const source = splitted(rule, element)
  if (typeof source === 'string') return { is: 'stranger', problem: source }
  const found = rule.places.find(source)
  if (found.ok !== true) return { is: found.ok ? 'untaken' : 'bad', problem: found.problem }
  const { place } = found
  const sources = rule.sources.get(place.assetType)
  if (sources === undefined) return { is: 'unknown type', problem: printable(place.assetType) }
  if (typeof sources === 'string') return { is: 'bad', problem: sources }
  const read = rule.reader.read(source, sources)
  if (read.ok !== true) return { is: read.ok ? 'stranger' : 'bad', problem: read.problem }
  const time = timeOf(rule, source, receivedAt)
  if (typeof time === 'string') return { is: 'bad', problem: time }
  return { is: 'reading', place, time, values: read.values }
}

/** An element with one channel is a value, not a reading. */
function take({ name, file, gather, each }: Compiled, found: Resolved, outcome: Outcome): void {
  const readings = each && file.channel !== undefined ? 0 : 1
  if (found.is === 'reading')
    outcome.add({ place: found.place, gather: gather(found.place.assetType) }, found)
  else if (found.is === 'unknown type') outcome.refuse('unknown_asset_type', found.problem, readings)
  else if (found.is !== 'bad' && file.others === 'ignore') outcome.ignored++
  else outcome.refuse('bad_mapping', `rule ${name}: ${found.problem}`, readings)
}

/** The source with the placeholders of `split`, or why there are none. */
function splitted({ split }: Compiled, source: Source): Source | string {
  if (!split) return source
  const text = split.of.fill(source)
  if (!text.ok) return text.problem
  const found = split.pattern.match(text.text.slice(0, 1024))
  if (!found) return `${printable(text.text, 80)} does not fit ${split.pattern.text}`
  return { captures: { ...source.captures, ...found }, element: source.element }
}

/** ms since the epoch, or what is wrong with it. */
function timeOf({ time, file }: Compiled, { element }: Source, receivedAt: number): number | string {
  if (!time || file.time === 'broker') return receivedAt
  const raw = lookUp(element, time)
  const moment = readTime(raw, file.time.format, file.time.zone)
  if (!Number.isNaN(moment)) return moment
  return `the time at ${file.time.at || '(root)'} is ${describe(raw)}, expected ${file.time.format}`
}
