import type { EdgeNodeName } from '../mapping/mapped.ts'
import type { MappingState, StateChange } from '../mapping/state.ts'
import { Birth, type StoredBirth } from './births.ts'
import type { Metric, SparkplugPayload } from './payload.ts'

interface StoredNode {
  /** Number of the session; null where its birth named none. */
  readonly bdSeq: number | null
  /** Sequence number and time of the newest message, null where it named none. */
  readonly seq: number | null
  readonly sentAt: number | null
  /** Messages are missing, births perhaps among them: until the next one an alias may mean another metric. */
  readonly inDoubt?: boolean
}

const nodePrefix = 'node/'
const birthPrefix = 'birth/'
const bdSeqMetric = 'bdSeq'

/**
 * A session of an edge node: which births are valid, and which sequence number comes next. Its changes gather until they
 * are taken to be saved.
 */
export class EdgeNode {
  private session: StoredNode | undefined
  /** By device; the edge node itself under the empty name. */
  private readonly births = new Map<string, Birth>()
  private changes: StateChange[] = []
  private readonly key: string

  constructor(name: EdgeNodeName) {
    this.key = `${name.group}/${name.edge}`
  }

  /** Devices that are born, the edge node itself (empty name) among them. */
  devices(): string[] {
    return [...this.births.keys()]
  }

  get alive(): boolean {
    return this.session !== undefined
  }

  get inDoubt(): boolean {
    return this.session?.inDoubt === true
  }

  birthOf(device: string): Birth | undefined {
    return this.session && this.births.get(device)
  }

  /** A birth of the edge node: everything from before is void. */
  nodeBirth(payload: SparkplugPayload, sentAt: number): void {
    this.end()
    this.session = { bdSeq: bdSeqOf(payload) ?? null, seq: payload.seq ?? null, sentAt }
    this.born('', payload.metrics, sentAt)
    this.keepSession()
  }

  born(device: string, metrics: readonly Metric[], sentAt: number): void {
    const birth = Birth.of(sentAt, metrics)
    this.births.set(device, birth)
    this.changes.push(birth.change(this.birthKey(device)))
  }

  /** A death belongs to the session whose number it bears; another's comes too late and says nothing. */
  isDeathOfThis(payload: SparkplugPayload): boolean {
    const bdSeq = bdSeqOf(payload)
    return this.session !== undefined && (this.session.bdSeq === null || this.session.bdSeq === bdSeq)
  }

  died(device: string): void {
    this.births.delete(device)
    this.changes.push([this.birthKey(device), undefined])
  }

  end(): void {
    for (const device of this.devices()) this.died(device)
    this.session = undefined
    this.changes.push([nodePrefix + this.key, undefined])
  }

  /**
   * Follows the sequence number of a message; false where messages before it are missing. One that is not newer than
   * the newest comes again, and a broker sends it again in order: that is no gap.
   */
  follows({ seq, timestamp }: SparkplugPayload): boolean {
    const last = this.session
    if (!last || seq === undefined) return true
    const gap = last.seq !== null && seq !== (last.seq + 1) % 256
    if (gap && timestamp <= (last.sentAt ?? Number.NEGATIVE_INFINITY)) return true
    const sentAt = Number.isNaN(timestamp) ? last.sentAt : timestamp
    this.session = { ...last, seq, sentAt, inDoubt: gap || this.inDoubt }
    this.keepSession()
    return !gap
  }

  takeChanges(): readonly StateChange[] {
    const { changes } = this
    this.changes = []
    return changes
  }

  restore(session: StoredNode): void {
    this.session = session
  }

  restoreBirth(device: string, birth: StoredBirth): void {
    this.births.set(device, new Birth(birth))
  }

  private keepSession(): void {
    this.changes.push([nodePrefix + this.key, this.session])
  }

  private birthKey(device: string): string {
    return `${birthPrefix}${this.key}/${device}`
  }
}

function bdSeqOf({ metrics }: SparkplugPayload): number | undefined {
  const metric = metrics.find(({ name }) => name === bdSeqMetric)
  const value = metric?.read(metric.datatype)
  return typeof value === 'number' ? value : undefined
}

/** The sessions of all edge nodes, as they were left. */
export class EdgeNodes {
  private readonly nodes = new Map<string, EdgeNode>()

  constructor(state: MappingState) {
    for (const [key, session] of state.entries(nodePrefix)) {
      const [, group, edge] = key.split('/') as [string, string, string]
      this.of({ group, edge }).restore(session as StoredNode)
    }
    for (const [key, birth] of state.entries(birthPrefix)) {
      const [, group, edge, device] = key.split('/') as [string, string, string, string]
      this.of({ group, edge }).restoreBirth(device, birth as StoredBirth)
    }
  }

  of(name: EdgeNodeName): EdgeNode {
    const key = `${name.group}/${name.edge}`
    const known = this.nodes.get(key)
    if (known) return known
    const node = new EdgeNode(name)
    this.nodes.set(key, node)
    return node
  }
}
