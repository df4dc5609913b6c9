import type { Catalogue } from '../../core/catalogue.ts'
import { type Fault, faultsOf } from './fault.ts'
import type { Mapped, Mapper } from './mapped.ts'
import { compileTopic, type Pattern, topicFilter, topicProblem } from './pattern.ts'
import { compileRule, type Rule } from './rule.ts'
import { type MappingFile, mappingSchema } from './schema.ts'

/** What Sparkplug B has to offer a mapping: another way to read topics of its own. */
export interface SparkplugPart {
  topics(): string[]
  map(topic: string, payload: Uint8Array, receivedAt: number): Mapped
}

/** Checks the shape of a parsed mapping file; `file` only words the error. Throws MAPPING_INVALID. */
export function parseMapping(input: unknown, file: string): MappingFile {
  const parsed = mappingSchema.safeParse(input ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw faultsOf(file)(issue.path.join('.'), issue.message)
}

/** Compiles the rules of a mapping file. Throws MAPPING_INVALID. */
export function compileMapping(
  mapping: MappingFile,
  file: string,
  catalogue: Catalogue,
  sparkplug?: SparkplugPart,
): Mapper {
  const fault = faultsOf(file)
  const rules = mapping.rules.map((rule, i) => compileRule(rule, `rules.${i}`, catalogue, fault))
  const ignored = mapping.ignore.map((topic, i) => ignoredTopic(topic, `ignore.${i}`, fault))
  if (rules.length === 0 && !sparkplug) throw fault('', 'it has neither rules nor sparkplug')
  const awaited = awaitedChannels(rules)
  const filters = new Set([...rules.map(({ topic }) => topicFilter(topic)), ...(sparkplug?.topics() ?? [])])
  return {
    topics: () => [...filters],
    remembers: sparkplug !== undefined || rules.some(({ gathers }) => gathers),
    awaited: (assetType) => awaited.get(assetType) ?? none,
    map: (topic, payload, receivedAt) => {
      if (sparkplug && topic.startsWith('spBv1.0/')) return sparkplug.map(topic, payload, receivedAt)
      for (const rule of rules) {
        const mapped = rule.map(topic, payload, receivedAt)
        if (mapped) return mapped
      }
      return { kind: ignored.some((pattern) => pattern.match(topic)) ? 'ignored' : 'unmapped' }
    },
  }
}

const none: ReadonlySet<string> = new Set()

function ignoredTopic(topic: string, path: string, fault: Fault): Pattern {
  const problem = topicProblem(topic)
  if (problem) throw fault(path, problem)
  return compileTopic(topic)
}

/** Per asset type, the channels of every rule that gathers. */
function awaitedChannels(rules: readonly Rule[]): ReadonlyMap<string, ReadonlySet<string>> {
  const awaited = new Map<string, Set<string>>()
  for (const { sources } of rules.filter((rule) => rule.gathers)) {
    for (const [assetType, found] of sources) {
      if (typeof found === 'string') continue
      const channels = awaited.get(assetType) ?? new Set()
      for (const { channel } of found.values()) channels.add(channel)
      awaited.set(assetType, channels)
    }
  }
  return awaited
}
