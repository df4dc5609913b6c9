import type { Catalogue } from '../../core/catalogue.ts'
import type { Fault } from '../mapping/fault.ts'
import type { Place } from '../mapping/mapped.ts'
import { compileTopic, type Pattern, topicProblem } from '../mapping/pattern.ts'
import { compilePlaces, type Places } from '../mapping/places.ts'
import type { SparkplugRuleFile } from '../mapping/schema.ts'
import { compileSources, type Sources, type SourcesByType } from '../mapping/sources.ts'
import type { SparkplugTopic } from './topic.ts'

interface SparkplugRule {
  readonly name: string
  readonly path: Pattern
  readonly group: Pattern
  readonly places: Places
  readonly sources: SourcesByType
}

/** What the mapping file says of a device: its place and the metrics that are channels. */
export type MappedDevice =
  | { readonly ok: true; readonly rule: string; readonly place: Place; readonly sources: Sources }
  | { readonly ok: false; readonly rule: string; readonly problem: string }

/** The rules of the section `sparkplug`. */
export interface SparkplugRules {
  /** First levels of their paths as topic levels: a group, or `+`. */
  readonly groups: readonly string[]
  /** Whether any rule speaks of that group. */
  covers(group: string): boolean
  /** Undefined where no rule wants the device. */
  find(topic: Omit<SparkplugTopic, 'type'>): MappedDevice | undefined
}

/** Throws MAPPING_INVALID. */
export function compileSparkplugRules(
  files: readonly SparkplugRuleFile[],
  catalogue: Catalogue,
  fault: Fault,
): SparkplugRules {
  const rules = files.map((file, i) => compileRule(file, `sparkplug.rules.${i}`, catalogue, fault))
  const firsts = files.map(({ path }) => path.split('/')[0]!)
  return {
    groups: [...new Set(firsts.map((group) => (/[{+]/.test(group) ? '+' : group)))],
    covers: (group) => rules.some((rule) => rule.group.match(group) !== undefined),
    find: ({ group, edge, device }) => {
      const path = device === '' ? `${group}/${edge}` : `${group}/${edge}/${device}`
      for (const rule of rules) {
        const found = deviceOf(rule, path)
        if (found) return found
      }
      return undefined
    },
  }
}

function compileRule(file: SparkplugRuleFile, at: string, catalogue: Catalogue, fault: Fault): SparkplugRule {
  const levels = file.path.split('/').length
  const problem =
    topicProblem(file.path) ??
    (levels === 2 || levels === 3 ? undefined : 'expected group/edge node/device, or group/edge node') ??
    (/#|\.\.\.\}/.test(file.path) ? 'name each level: the rest cannot be taken together' : undefined)
  if (problem) throw fault(`${at}.path`, problem)
  const path = compileTopic(file.path)
  const places = compilePlaces(file, path.names, catalogue, at, fault)
  const entries = Object.entries(file.metrics).map(([key, source]) => ({
    key,
    channel: source.channel,
    file: source,
  }))
  const sources = compileSources(entries, places, catalogue, `${at}.metrics`, fault)
  const group = compileTopic(file.path.split('/')[0]!)
  return { name: file.name ?? file.path, path, group, places, sources }
}

/** Undefined where the rule does not take it. */
function deviceOf({ name, path, places, sources }: SparkplugRule, text: string): MappedDevice | undefined {
  const captures = path.match(text)
  if (!captures) return undefined
  const found = places.find({ captures, element: undefined })
  if (found.ok === 'untaken') return undefined
  if (!found.ok) return { ok: false, rule: name, problem: found.problem }
  const own = sources.get(found.place.assetType)
  if (typeof own === 'object') return { ok: true, rule: name, place: found.place, sources: own }
  return { ok: false, rule: name, problem: own ?? `the catalogue has no asset type ${found.place.assetType}` }
}
