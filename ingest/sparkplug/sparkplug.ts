import type { Catalogue } from '../../core/catalogue.ts'
import { messageOf } from '../../core/errors.ts'
import { printable } from '../codec/json.ts'
import { faultsOf } from '../mapping/fault.ts'
import type { Mapped, MappedMessage, Place } from '../mapping/mapped.ts'
import type { SparkplugPart } from '../mapping/mapping.ts'
import type { MappingFile } from '../mapping/schema.ts'
import type { MappingState } from '../mapping/state.ts'
import type { Birth } from './births.ts'
import { readValues } from './deviceValues.ts'
import { type EdgeNode, EdgeNodes } from './edgeNode.ts'
import { decodeSparkplug, type Metric, type SparkplugPayload } from './payload.ts'
import { compileSparkplugRules, type SparkplugRules } from './rules.ts'
import { parseSparkplugTopic, type SparkplugTopic, sparkplugFilters } from './topic.ts'

/** Throws MAPPING_INVALID. */
export function createSparkplug(
  section: NonNullable<MappingFile['sparkplug']>,
  file: string,
  catalogue: Catalogue,
  state: MappingState,
): SparkplugPart {
  return new SparkplugHost(compileSparkplugRules(section.rules, catalogue, faultsOf(file)), state)
}

/** A message with the session that it belongs to. `sentAt`: its own time, or when it came; ms. */
interface Heard {
  readonly topic: SparkplugTopic
  readonly node: EdgeNode
  readonly payload: SparkplugPayload
  readonly sentAt: number
}

type Part = Partial<Omit<MappedMessage, 'kind' | 'rule' | 'remember' | 'rebirth'>> & {
  readonly rule?: string
  readonly rebirth?: boolean
}

/** The receiving half of a Sparkplug B 3.0 host application: births, aliases, sequence numbers, deaths. */
class SparkplugHost implements SparkplugPart {
  private readonly nodes: EdgeNodes

  constructor(
    private readonly rules: SparkplugRules,
    private readonly state: MappingState,
  ) {
    this.nodes = new EdgeNodes(state)
  }

  topics(): string[] {
    return this.rules.groups.flatMap(sparkplugFilters)
  }

  map(text: string, bytes: Uint8Array, receivedAt: number): Mapped {
    const topic = parseSparkplugTopic(text)
    if (topic === 'other') return { kind: 'ignored' }
    if (!topic) return this.answer(undefined, refused(`${printable(text)} is no Sparkplug topic for devices`))
    if (!this.rules.covers(topic.group)) return { kind: 'unmapped' }
    const payload = decoded(bytes)
    if (typeof payload === 'string') return this.answer(undefined, refused(payload))
    const node = this.nodes.of(topic)
    const sentAt = Number.isNaN(payload.timestamp) ? receivedAt : payload.timestamp
    return this.answer(topic, this.take({ topic, node, payload, sentAt }), node)
  }

  private take(heard: Heard): Part {
    const { topic, node, payload } = heard
    if (topic.type === 'NBIRTH') return this.nodeBirth(heard)
    if (topic.type === 'NDEATH') return this.nodeDeath(heard)
    const follows = node.follows(payload)
    const part = this.ofDevice(heard)
    return follows ? part : { ...part, rebirth: true }
  }

  private ofDevice(heard: Heard): Part {
    const { topic, node, payload, sentAt } = heard
    if (!node.alive) return { ...refused(`${topic.edge} has sent no NBIRTH`), rebirth: true }
    if (topic.type === 'DDEATH') return this.death(heard)
    if (topic.type === 'DBIRTH') node.born(topic.device, payload.metrics, sentAt)
    const birth = node.birthOf(topic.device)
    if (!birth) return { ...refused(`${topic.device} has sent no DBIRTH`), rebirth: true }
    return topic.type === 'DBIRTH' ? this.birth(heard, birth) : this.data(heard, birth)
  }

  private nodeBirth(heard: Heard): Part {
    const { topic, node, payload, sentAt } = heard
    const before = this.placesOf(topic, node.devices())
    node.nodeBirth(payload, sentAt)
    const part = this.birth(heard, node.birthOf('')!)
    return { ...part, forgotten: [...before, ...(part.forgotten ?? [])] }
  }

  /** A birth says how everything stands at its time, whenever each value came about. */
  private birth(heard: Heard, birth: Birth): Part {
    const forgotten = this.placesOf(heard.topic, [heard.topic.device])
    const statuses = forgotten.map((place) => ({ place, online: true }))
    return { ...this.values(heard, birth, () => heard.sentAt), forgotten, statuses }
  }

  /** Data say what changed, each metric at its own time. */
  private data(heard: Heard, birth: Birth): Part {
    return this.values(heard, birth, ({ timestamp }) => (Number.isNaN(timestamp) ? heard.sentAt : timestamp))
  }

  private nodeDeath({ topic, node, payload }: Heard): Part {
    if (!node.isDeathOfThis(payload)) return { ignored: 1 }
    const forgotten = this.placesOf(topic, node.devices())
    node.end()
    return { forgotten, statuses: forgotten.map((place) => ({ place, online: false })) }
  }

  private death({ topic, node }: Heard): Part {
    node.died(topic.device)
    const forgotten = this.placesOf(topic, [topic.device])
    return { forgotten, statuses: forgotten.map((place) => ({ place, online: false })) }
  }

  private values({ topic, node, payload }: Heard, birth: Birth, timeOf: (metric: Metric) => number): Part {
    const mapped = this.rules.find(topic)
    if (!mapped) return { ignored: payload.metrics.length }
    if (!mapped.ok) return { ...refused(mapped.problem), rule: mapped.rule }
    const { groups, rejections, ignored, unknown } = readValues(
      { ...mapped, birth, inDoubt: node.inDoubt },
      payload,
      timeOf,
    )
    return { rule: mapped.rule, groups, rejections, ignored, rebirth: unknown }
  }

  /** Those of the devices that the mapping file wants. */
  private placesOf({ group, edge }: SparkplugTopic, devices: readonly string[]): Place[] {
    return devices.flatMap((device) => {
      const mapped = this.rules.find({ group, edge, device })
      return mapped?.ok ? [mapped.place] : []
    })
  }

  private answer(topic: SparkplugTopic | undefined, part: Part, node?: EdgeNode): MappedMessage {
    const { rebirth, ...rest } = part
    const changes = node?.takeChanges() ?? []
    return {
      rule: 'sparkplug',
      groups: [],
      rejections: [],
      ignored: 0,
      ...rest,
      kind: 'mapped',
      rebirth: rebirth && topic ? { group: topic.group, edge: topic.edge } : undefined,
      remember: () => this.state.save(changes),
    }
  }
}

const refused = (detail: string): Part => ({
  rejections: [{ reason: 'bad_sparkplug', detail, readings: 1 }],
})

function decoded(bytes: Uint8Array): SparkplugPayload | string {
  try {
    return decodeSparkplug(bytes)
  } catch (thrown) {
    return `no Sparkplug B payload: ${printable(messageOf(thrown))}`
  }
}
