import type { Catalogue } from '../../core/catalogue.ts'
import type { Fault } from './fault.ts'
import type { Gather, MappedMessage } from './mapped.ts'
import { type Compiled, mapMessage } from './message.ts'
import { compilePattern, compileTopic, type Pattern, patternProblem, topicProblem } from './pattern.ts'
import { compilePlaces, template } from './places.ts'
import type { Pointer } from './pointer.ts'
import type { RuleFile } from './schema.ts'
import { compileSources, type SourcesByType } from './sources.ts'
import { fieldReader, namedReader, pointerOf, type ValueReader } from './values.ts'

/** A rule of the mapping file, ready to take messages. */
export interface Rule {
  readonly name: string
  readonly topic: string
  readonly sources: SourcesByType
  /** Whether its values are gathered to whole readings. */
  readonly gathers: boolean
  /** Undefined where the rule does not take the message. */
  map(topic: string, payload: Uint8Array, receivedAt: number): MappedMessage | undefined
}

/** Moments of a reading that the broker's clock dates are rounded down to so many ms. */
const brokerRoundMs = 1000
/** A channel's last value holds for so many cadences. */
const heldCadences = 2

/** Compiles a rule at `path` of the file. Throws MAPPING_INVALID. */
export function compileRule(file: RuleFile, path: string, catalogue: Catalogue, fault: Fault): Rule {
  const topic = compileRuleTopic(file.topic, `${path}.topic`, fault)
  const split = file.split && compileSplit(file.split, topic.names, `${path}.split`, fault)
  const names = [...topic.names, ...(split?.pattern.names ?? [])]
  const places = compilePlaces(file, names, catalogue, path, fault)
  const reader = compileReader(file, names, path, fault)
  const sources = compileSources(reader.entries, places, catalogue, reader.path, fault)
  const time = compileTime(file, path, fault)
  const each = file.each === undefined ? undefined : pointerOf(file.each, `${path}.each`, fault)
  const name = file.name ?? file.topic
  const gather = compileGather(file, catalogue)
  const compiled: Compiled = { name, file, split, places, reader, sources, time, each, gather }
  return {
    name,
    topic: file.topic,
    sources,
    gathers: gatherOptions(file) !== undefined,
    map: (text, payload, receivedAt) => {
      const captures = topic.match(text)
      return captures && mapMessage(compiled, captures, payload, receivedAt)
    },
  }
}

function compileRuleTopic(text: string, path: string, fault: Fault): Pattern {
  const problem = topicProblem(text)
  if (problem) throw fault(path, problem)
  if (/^(forewarn|spBv1\.0)(\/|$)/.test(text))
    throw fault(path, 'topics of the contract and of Sparkplug need no rule')
  return compileTopic(text)
}

function compileSplit(
  split: NonNullable<RuleFile['split']>,
  names: readonly string[],
  path: string,
  fault: Fault,
) {
  const problem = patternProblem(split.as)
  if (problem) throw fault(`${path}.as`, problem)
  const pattern = compilePattern(split.as)
  const twice = pattern.names.find((name) => names.includes(name))
  if (twice) throw fault(`${path}.as`, `the topic has a placeholder ${twice} too`)
  return { of: template(split.of, names, `${path}.of`, fault), pattern }
}

function compileReader(file: RuleFile, names: readonly string[], path: string, fault: Fault): ValueReader {
  if ((file.values === undefined) === (file.channel === undefined))
    throw fault(path, 'expected either values (several channels in a payload) or channel (one at a time)')
  if (file.payload === 'number' && (file.values || file.each !== undefined || file.value !== undefined))
    throw fault(path, 'a number as payload has a channel, and neither values nor each nor value')
  if (file.values) return fieldReader(file.values, path, fault)
  if (!file.channels)
    throw fault(`${path}.channels`, 'channel needs it: the publisher’s names and their channels')
  const channel = template(file.channel!, names, `${path}.channel`, fault)
  const value = pointerOf(file.value ?? '', `${path}.value`, fault)
  return namedReader(file.channels, channel, value, path)
}

function compileTime({ time, payload }: RuleFile, path: string, fault: Fault): Pointer | undefined {
  if (time === 'broker') return undefined
  if (payload === 'number') throw fault(`${path}.time`, 'a number as payload has no time: write broker')
  return pointerOf(time.at, `${path}.time.at`, fault)
}

/** One channel a message is gathered unless told not to: alone it would be a reading without the others. */
function gatherOptions({ collect, channel }: RuleFile) {
  if (collect === false) return undefined
  return (
    collect ?? (channel === undefined ? undefined : { withinMs: 500, roundMs: undefined, holdMs: undefined })
  )
}

function compileGather(file: RuleFile, catalogue: Catalogue): (assetType: string) => Gather | undefined {
  const options = gatherOptions(file)
  if (!options) return () => undefined
  const roundMs = options.roundMs ?? (file.time === 'broker' ? brokerRoundMs : 1)
  const byType = new Map<string, Gather>()
  for (const { name, cadenceMs } of catalogue.values())
    byType.set(name, {
      withinMs: options.withinMs,
      roundMs,
      holdMs: options.holdMs ?? heldCadences * cadenceMs,
    })
  return (assetType) => byType.get(assetType)
}
