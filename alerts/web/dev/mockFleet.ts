import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { actByAsOf } from '../../../core/actBy.ts'
import { createAssess } from '../../../core/assessment.ts'
import { type AssetType, parseAssetType } from '../../../core/catalogue.ts'
import { parseConfig } from '../../../core/config.ts'
import type { NotScoredReason } from '../../../core/score.ts'
import type { LiveScore, SimulatedPump, Ticket } from '../src/api/types.ts'

/*
 * For developing the page only: a made-up fleet that looks plausible. Nothing here is a model, nothing of it is served
 * by forewarn itself.
 */
const load = (name: string): AssetType =>
  parseAssetType(
    parse(readFileSync(new URL(`../../../catalogue/${name}.yaml`, import.meta.url), 'utf8')),
    name,
  )

export const assetTypes = [load('pump'), load('turbofan')] as const
export const typeOf = (name: string): AssetType => assetTypes.find((t) => t.name === name)!

const assess = createAssess({
  catalogue: new Map(assetTypes.map((type) => [type.name, type])),
  calendar: parseConfig({}).calendar,
})

/** Machine hours that pass in a second. */
export const hoursPerSecond = 0.6
const start = Date.now()
/** The fleet's clock starts 25 days in the past, so that it never passes now. */
export const fleetNow = (): number => start - 25 * 86_400_000 + (Date.now() - start) * hoursPerSecond * 3600

export interface MockDevice {
  readonly device: string
  readonly site: string
  readonly type: AssetType
  readonly criticality: 'low' | 'medium' | 'high'
  readonly seed: number
  readonly silent: NotScoredReason | null
  mode: string | null
  /** Event time of the fault's start and of the failure it leads to, ms. */
  faultAt: number
  failsAt: number
  state: SimulatedPump['state']
  since: number
  cost: number
  score: LiveScore | null
  over: number
}

/** Repeatable noise, -1 to 1. */
export function noise(seed: number, t: number): number {
  const x = Math.sin(seed * 12.9898 + t * 78.233) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}

const sites = ['harbour', 'north-mill', 'waterworks']
const silences: (NotScoredReason | null)[] = ['no_data', 'silent', 'gap', 'stuck_channel', 'unlike_training']

function makePump(index: number): MockDevice {
  const silent = index % 9 === 4 ? (silences[Math.floor(index / 9) % silences.length] ?? null) : null
  return {
    device: `pump-${String(index + 1).padStart(3, '0')}`,
    site: sites[index % sites.length]!,
    type: typeOf('pump'),
    criticality: (['medium', 'low', 'high'] as const)[index % 3]!,
    seed: index + 1,
    silent,
    mode: null,
    faultAt: 0,
    failsAt: 0,
    state: 'running',
    since: fleetNow() - 40 * 3_600_000,
    cost: 0,
    score: null,
    over: 0,
  }
}

const makeEngine = (index: number): MockDevice => ({
  ...makePump(index),
  device: `engine-${81 + index}`,
  site: 'hangar-2',
  type: typeOf('turbofan'),
  silent: index === 3 ? 'too_little_history' : null,
  seed: 900 + index,
})

export const devices: MockDevice[] = [
  ...Array.from({ length: 30 }, (_, i) => makePump(i)),
  ...Array.from({ length: 4 }, (_, i) => makeEngine(i)),
]

const hour = 3_600_000
const unitMs = (type: AssetType) => (24 * hour) / type.usage.perDay

export function breakDevice(d: MockDevice, mode: string, lifeHours: number, ago = 0): void {
  d.mode = mode
  d.faultAt = fleetNow() - ago * hour
  d.failsAt = d.faultAt + lifeHours * hour
  d.state = 'breaking'
  d.since = d.faultAt
}

export function repairDevice(d: MockDevice): void {
  const mode = d.type.failureModes.find((m) => m.name === d.mode)
  if (mode && d.state === 'breaking') d.cost += mode.costPlanned
  Object.assign(d, { mode: null, state: 'running', since: fleetNow(), over: 0 })
}

/** How far the fault has gone at a time, 0 to 1. */
export function severity(d: MockDevice, time: number): number {
  if (!d.mode || time < d.faultAt) return 0
  return Math.min(1, (time - d.faultAt) / (d.failsAt - d.faultAt)) ** 1.6
}

/** The value of a channel at a time. */
export function channelValue(d: MockDevice, channel: string, time: number): number {
  const c = d.type.channels.find((x) => x.name === channel)!
  const [low, high] = c.normal ?? [500 + 40 * (d.seed % 7), 530 + 40 * (d.seed % 7)]
  const regime = Math.sin(time / hour / 9 + d.seed) * 0.18 + Math.sin(time / hour / 3.1 + d.seed) * 0.06
  const symptom = d.type.failureModes.find((m) => m.name === d.mode)?.symptoms[channel] ?? 0
  const slot = Math.floor(time / (d.type.cadenceMs || 1))
  const place = 0.45 + regime * (c.role === 'setting' ? 1 : 0.6) + 0.05 * noise(d.seed + channel.length, slot)
  return low + (high - low) * (place + symptom * 1.4 * severity(d, time))
}

/** A made-up score of a device at a time. */
export function scoreAt(d: MockDevice, time: number): LiveScore {
  const cap = d.type.rulCap
  const slot = Math.floor(time / d.type.cadenceMs)
  const truth = d.mode && time >= d.faultAt ? (d.failsAt - time) / unitMs(d.type) : cap * 3
  const seen = severity(d, time) > 0.04 ? truth : cap * 2
  const blur = 0.12 + 0.35 * (1 - severity(d, time))
  const q = (z: number) =>
    Math.max(0, Math.min(cap, seen * (1 + z * blur) + seen * 0.03 * noise(d.seed, slot)))
  const rul = { p05: q(-1.3), p10: q(-1), p50: q(0), p90: q(1), p95: q(1.3) }
  const near = d.type.horizon * (1 + 0.04 * noise(d.seed + 3, slot))
  const failureProbability = 1 / (1 + Math.exp((seen - near) / (cap * 0.07)))
  const symptoms = d.type.failureModes.find((m) => m.name === d.mode)?.symptoms ?? {}
  const raw = d.type.channels.map((c): [string, number] => [
    c.name,
    (symptoms[c.name] ?? 0) * severity(d, time) * 3 + 0.08 * noise(d.seed + c.name.length, slot),
  ])
  const total = raw.reduce((sum, [, v]) => sum + Math.abs(v), 0)
  return {
    device: d.device,
    site: d.site,
    assetType: d.type.name,
    windowEnd: time,
    model: 'a41c09e27b5d',
    role: 'champion',
    anomaly: Math.max(0.0001, 0.6 * (1 - severity(d, time)) ** 5),
    rul,
    failureProbability,
    contributions: Object.fromEntries(raw.map(([n, v]) => [n, v / total])),
    suspectedMode: d.mode && failureProbability > 0.3 ? d.mode : 'unknown',
  }
}

export const slotEnd = (d: MockDevice, time = fleetNow()): number =>
  Math.floor(time / d.type.cadenceMs) * d.type.cadenceMs

export interface MockEvent {
  at: number
  actor: string
  kind: string
  detail: Record<string, unknown>
}

export const tickets: { ticket: Ticket; history: MockEvent[] }[] = []

export function openTicket(d: MockDevice, score: LiveScore, openedAt = Date.now()): Ticket {
  const decided = { ...score, mode: score.suspectedMode }
  const { priority, actBy } = assess(decided, { criticality: d.criticality })
  const ticket: Ticket = {
    id: tickets.length + 1,
    device: d.device,
    site: d.site,
    assetType: d.type.name,
    mode: score.suspectedMode,
    state: 'open',
    version: 1,
    openedAt,
    updatedAt: openedAt,
    closedAt: null,
    scheduledFor: null,
    verdict: null,
    verdictMode: null,
    prediction: {
      ...score,
      id: `${d.device}:${score.windowEnd}`,
      mode: score.suspectedMode,
      decidedAt: openedAt,
      raisedAt: score.windowEnd,
      reason: 'persistent',
      publishedAt: openedAt - 420,
    },
    predictions: 1,
    publishToTicketMs: 380 + 60 * (d.seed % 5),
    priority,
    actBy: actBy && actByAsOf(actBy, fleetNow()),
    automation: 'automatic',
    mergedInto: null,
    splitFrom: null,
  }
  tickets.push({
    ticket,
    history: [{ at: openedAt, actor: 'policy', kind: 'opened', detail: { reason: 'persistent' } }],
  })
  return ticket
}
