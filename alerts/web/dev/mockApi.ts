import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { type ErrorCode, ForewarnError } from '../../../core/errors.ts'
import { notScoredReasons } from '../../../core/score.ts'
import { assertTransition, type TicketState, transitions } from '../../../core/ticket.ts'
import type { LiveEvent, Ticket } from '../src/api/types.ts'
import {
  assetTypes,
  breakDevice,
  channelValue,
  devices,
  fleetNow,
  hoursPerSecond,
  type MockDevice,
  noise,
  openTicket,
  repairDevice,
  scoreAt,
  slotEnd,
  tickets,
} from './mockFleet.ts'

/* For developing the page only: the routes of alerts/http over the made-up fleet, as a Vite plugin. */
const startedAt = Date.now()
const listeners = new Set<ServerResponse>()
const hour = 3_600_000

function publish(event: LiveEvent) {
  for (const response of listeners) response.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`)
}

const deviceOf = (name: string): MockDevice => {
  const found = devices.find((d) => d.device === name)
  if (!found) throw new ForewarnError('DEVICE_UNKNOWN', { device: name })
  return found
}

const entryOf = (id: string) => {
  const found = tickets.find((t) => t.ticket.id === Number(id))
  if (!found) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
  return found
}

const unfinished = (t: Ticket) => ['open', 'acknowledged', 'scheduled', 'in_progress'].includes(t.state)
const openTicketOf = (device: string) =>
  tickets.findLast((t) => t.ticket.device === device && unfinished(t.ticket))

function stateOf(d: MockDevice) {
  return d.silent
    ? ({ state: 'not_scored', reason: d.silent, since: fleetNow() - 3 * hour } as const)
    : ({ state: 'scored', windowEnd: slotEnd(d) } as const)
}

const deviceView = (d: MockDevice) => ({
  device: d.device,
  site: d.site,
  assetType: d.type.name,
  criticality: d.criticality,
  firstSeen: startedAt - 25 * 24 * hour,
  state: stateOf(d),
  reasonText: d.silent ? notScoredReasons[d.silent] : null,
  score: d.silent ? null : scoreAt(d, slotEnd(d)),
  openTicket: openTicketOf(d.device)?.ticket.id ?? null,
})

const adviceOf = (ticket: Ticket) => {
  const type = assetTypes.find((t) => t.name === ticket.assetType)!
  return { type, advice: type.failureModes.find((m) => m.name === ticket.mode) ?? null }
}

function ticketDetail(id: string) {
  const { ticket, history } = entryOf(id)
  const { type, advice } = adviceOf(ticket)
  return {
    ticket,
    history,
    advice,
    usageUnit: type.usage.unit,
    rulCap: type.rulCap,
    horizon: type.horizon,
    usagePerDay: type.usage.perDay,
    allowed: transitions[ticket.state].filter((s) => s !== 'withdrawn'),
  }
}

function scoresBetween(d: MockDevice, from: number, to: number, limit: number) {
  const slots = Math.max(1, Math.floor((to - from) / d.type.cadenceMs))
  const step = Math.ceil(slots / limit) * d.type.cadenceMs
  const times = Array.from({ length: Math.floor((to - from) / step) }, (_, i) =>
    slotEnd(d, from + (i + 1) * step),
  )
  return d.silent ? [] : times.map((t) => scoreAt(d, t))
}

function evidence(id: string) {
  const { ticket } = entryOf(id)
  const d = deviceOf(ticket.device)
  const end = ticket.prediction.windowEnd
  const times = Array.from(
    { length: d.type.window.length },
    (_, i) => end - (d.type.window.length - 1 - i) * d.type.cadenceMs,
  )
  const channels = d.type.channels
    .map((c) => ({
      ...c,
      normal: c.normal ?? null,
      values: times.map((t, i) => (i === 20 && c.name === 'flow' ? null : channelValue(d, c.name, t))),
      contribution: ticket.prediction.contributions[c.name] ?? null,
    }))
    .sort((a, b) => Math.abs(b.contribution ?? 0) - Math.abs(a.contribution ?? 0))
  return {
    ticket: ticket.id,
    device: d.device,
    assetType: d.type.name,
    windowEnd: end,
    times,
    channels,
    contributions: ticket.prediction.contributions,
    scores: scoresBetween(d, end - 2 * d.type.window.length * d.type.cadenceMs, slotEnd(d), 300),
    sha256: '7f0c52f1be0f8dd1c9c7f1a3d2b1',
    model: ticket.prediction.model,
    backend: 'wasm',
    simd: true,
  }
}

const targets: Record<string, TicketState> = {
  acknowledge: 'acknowledged',
  schedule: 'scheduled',
  start: 'in_progress',
  resolve: 'resolved',
  close: 'closed',
}

type Body = Record<string, string & number>

function change(id: string, action: string, body: Body) {
  const entry = entryOf(id)
  const to = targets[action]!
  if (body.version !== entry.ticket.version) {
    throw new ForewarnError('TICKET_STALE', { expected: body.version, actual: entry.ticket.version })
  }
  assertTransition(entry.ticket.state, to)
  if (to === 'resolved' && !body.verdict) throw new ForewarnError('TICKET_VERDICT_MISSING')
  entry.ticket = {
    ...entry.ticket,
    state: to,
    version: entry.ticket.version + 1,
    updatedAt: Date.now(),
    closedAt: to === 'resolved' || to === 'closed' ? Date.now() : entry.ticket.closedAt,
    scheduledFor: to === 'scheduled' ? body.scheduledFor! : entry.ticket.scheduledFor,
    verdict: (body.verdict as unknown as Ticket['verdict']) ?? entry.ticket.verdict,
    verdictMode: body.verdictMode ?? entry.ticket.verdictMode,
  }
  const { actor, version: _version, ...detail } = body
  entry.history.push({ at: Date.now(), actor: actor!, kind: to, detail })
  publish({ kind: 'ticket', ticket: entry.ticket, change: to })
  return entry.ticket
}

function trend(d: MockDevice, url: URL) {
  const channel = url.searchParams.get('channel')!
  const to = Number(url.searchParams.get('to') ?? slotEnd(d))
  const from = Number(url.searchParams.get('from') ?? to - 2 * d.type.window.length * d.type.cadenceMs)
  const wanted = Number(url.searchParams.get('buckets') ?? 300)
  const bucketMs = Math.max(
    d.type.cadenceMs,
    Math.ceil((to - from) / wanted / d.type.cadenceMs) * d.type.cadenceMs,
  )
  const info = d.type.channels.find((c) => c.name === channel)!
  const spread = (info.normal ? info.normal[1] - info.normal[0] : 20) * 0.05
  const first = Math.floor(from / bucketMs) * bucketMs
  const buckets = Array.from({ length: Math.floor((to - first) / bucketMs) }, (_, i) => {
    const time = first + i * bucketMs
    const mean = channelValue(d, channel, time)
    const wide = spread * Math.abs(noise(d.seed, i)) * Math.log2(1 + bucketMs / d.type.cadenceMs)
    return { time, count: bucketMs / d.type.cadenceMs, min: mean - wide, max: mean + wide, mean }
  })
  return {
    device: d.device,
    channel,
    unit: info.unit,
    normal: info.normal ?? null,
    from,
    to,
    bucketMs,
    buckets: d.silent === 'no_data' ? [] : buckets,
  }
}

function deviceDetail(d: MockDevice) {
  const score = d.silent ? null : scoreAt(d, slotEnd(d))
  const over = score && score.failureProbability >= 0.5 ? 4 : 0
  return {
    device: deviceView(d),
    parent: null,
    events: [
      { device: d.device, time: startedAt - 200 * 24 * hour, kind: 'installed', detail: '' },
      { device: d.device, time: startedAt - 60 * 24 * hour, kind: 'planned_stop', detail: 'yearly service' },
    ],
    tickets: tickets
      .filter((t) => t.ticket.device === d.device)
      .map((t) => t.ticket)
      .reverse(),
    latest:
      d.silent === 'no_data'
        ? null
        : {
            time: slotEnd(d),
            values: Object.fromEntries(
              d.type.channels.map((c) => [c.name, channelValue(d, c.name, slotEnd(d))]),
            ),
          },
    alarm: score
      ? {
          raised: over > 0,
          mode: over ? d.mode : null,
          recent: Array.from({ length: 4 }, () => over > 0),
          over,
          k: 3,
          n: 4,
          raiseAt: 0.5,
          clearBelow: 0.25,
          judgedUntil: slotEnd(d),
          explanation: over
            ? 'raised: 4 of the last 4 scored windows are at or above 50 %'
            : 'no alarm: 0 of the last 4 scored windows are at or above 50 %',
        }
      : null,
  }
}

const pumps = () => devices.filter((d) => d.type.name === 'pump')

const simulator = () => ({
  simulator: {
    assetType: 'pump',
    hoursPerSecond,
    modes: assetTypes[0].failureModes.map(({ name, label }) => ({ name, label })),
    pumps: pumps().map((d) => ({
      device: d.device,
      state: d.state,
      mode: d.mode,
      since: d.since,
      cost: d.cost,
    })),
    totalCost: pumps().reduce((sum, d) => sum + d.cost, 0),
  },
})

function summary() {
  const seconds = (Date.now() - startedAt) / 1000
  const stored = Math.round(81_250 + seconds * 306)
  const byState: Record<string, number> = {}
  for (const { ticket } of tickets) byState[ticket.state] = (byState[ticket.state] ?? 0) + 1
  const notScored = devices.filter((d) => d.silent).length
  return {
    now: Date.now(),
    startedAt,
    devices: { known: devices.length, scored: devices.length - notScored, notScored },
    messages: {
      total: stored,
      perSecond: 306 + 8 * noise(3, Math.floor(seconds)),
      clients: 3,
      refusedClients: 0,
    },
    readings: {
      sent: stored + 31,
      accepted: stored + 28,
      stored,
      duplicates: 12,
      deadLettered: 3,
      inLog: 16,
      lost: 0,
      valuesRejected: 5,
    },
    deadLetters: { not_json: 3 },
    log: { bytes: 4_100_000, maxBytes: 2 ** 31, behind: { store: 16, scorer: 40 }, oldestAgeMs: 80 },
    ackLatencyMs: { p50: 1.2, p99: 9 },
    store: { state: 'ok', error: null },
    queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
    scoring: {
      scored: Math.round(stored * 0.93),
      late: 4,
      numTensors: 38,
      backend: 'wasm',
      simd: true,
      models: [],
    },
    tickets: byState,
    publishToTicketMs: { newest: 410, median: 430 },
    health: { ready: true, checks: [] },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as Body) : {}
}

type Route = (id: string, body: Body, url: URL) => unknown

function comment(id: string, { actor, note }: Body) {
  entryOf(id).history.push({ at: Date.now(), actor: actor!, kind: 'commented', detail: { note } })
  return entryOf(id).ticket
}

function scores(id: string, url: URL) {
  const d = deviceOf(id)
  const to = Number(url.searchParams.get('to') ?? slotEnd(d) + 1)
  const from = Number(url.searchParams.get('from') ?? to - 2 * d.type.window.length * d.type.cadenceMs)
  return { from, to, scores: scoresBetween(d, from, to, Number(url.searchParams.get('limit') ?? 500)) }
}

function catalogue() {
  const channelsOf = (t: (typeof assetTypes)[number]) =>
    t.channels.map((c) => ({ ...c, normal: c.normal ?? null }))
  return { assetTypes: assetTypes.map((t) => ({ ...t, channels: channelsOf(t) })) }
}

function breakOne(id: string, body: Body) {
  breakDevice(deviceOf(id), body.mode!, 60)
  return { ok: true }
}

function repairOne(id: string) {
  repairDevice(deviceOf(id))
  return { ok: true }
}

const routes: Readonly<Record<string, Route>> = {
  tickets: () => ({ tickets: tickets.map((t) => t.ticket).reverse(), total: tickets.length, offset: 0 }),
  'tickets/:id': ticketDetail,
  'tickets/:id/evidence': evidence,
  'tickets/:id/comment': comment,
  ...Object.fromEntries(
    Object.keys(targets).map((action): [string, Route] => [
      `tickets/:id/${action}`,
      (id, body) => change(id, action, body),
    ]),
  ),
  devices: () => ({ devices: devices.map(deviceView) }),
  'devices/:id': (id) => deviceDetail(deviceOf(id)),
  'devices/:id/trend': (id, _body, url) => trend(deviceOf(id), url),
  'devices/:id/scores': (id, _body, url) => scores(id, url),
  'devices/:id/events': () => ({ ok: true }),
  catalogue,
  summary,
  simulator,
  'simulator/:id/break': breakOne,
  'simulator/:id/repair': repairOne,
}

async function answer(request: IncomingMessage, url: URL): Promise<unknown> {
  const [resource, id, action] = url.pathname.slice('/api/'.length).split('/').map(decodeURIComponent)
  const route = routes[[resource, id && ':id', action].filter(Boolean).join('/')]
  if (!route) throw new ForewarnError('NOT_FOUND', { path: url.pathname })
  return route(id ?? '', request.method === 'POST' ? await bodyOf(request) : {}, url)
}

const titles: Partial<Record<ErrorCode, string>> = {
  TICKET_STALE: 'Ticket changed meanwhile',
  TICKET_UNKNOWN: 'No such ticket',
  DEVICE_UNKNOWN: 'No such device',
}

function refuse(response: ServerResponse, thrown: unknown, instance: string) {
  const error =
    thrown instanceof ForewarnError ? thrown : new ForewarnError('INTERNAL', { problem: String(thrown) })
  response.writeHead(error.status, { 'content-type': 'application/problem+json' })
  response.end(
    JSON.stringify({
      type: `/docs/errors#${error.code}`,
      title: titles[error.code] ?? error.code,
      status: error.status,
      detail: error.message,
      instance,
      code: error.code,
      next: error.next,
      remedy: error.remedy,
    }),
  )
}

function live(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.write(`event: hello\ndata: ${JSON.stringify({ kind: 'hello', at: Date.now() })}\n\n`)
  listeners.add(response)
  response.on('close', () => listeners.delete(response))
}

/** Fails what is due, scores everything, opens a ticket after three windows over the threshold. */
function tick() {
  const scores = devices.filter((d) => !d.silent).map((d) => scoreAt(d, slotEnd(d)))
  publish({ kind: 'scores', scores })
  for (const score of scores) {
    const d = deviceOf(score.device)
    if (d.mode && fleetNow() > d.failsAt && d.state === 'breaking') {
      d.state = 'failed'
      d.since = d.failsAt
      d.cost += d.type.failureModes.find((m) => m.name === d.mode)!.costFailure
    }
    d.over = score.failureProbability >= 0.5 ? d.over + 1 : 0
    const open = openTicketOf(d.device)
    if (d.over === 3 && !open) publish({ kind: 'ticket', ticket: openTicket(d, score), change: 'opened' })
    else if (d.over > 0 && d.over % 20 === 0 && open) {
      open.ticket = {
        ...open.ticket,
        prediction: { ...open.ticket.prediction, ...score },
        predictions: open.ticket.predictions + 1,
      }
      open.history.push({
        at: Date.now(),
        actor: 'policy',
        kind: 'merged',
        detail: { failureProbability: score.failureProbability },
      })
      publish({ kind: 'ticket', ticket: open.ticket, change: 'merged' })
    }
  }
}

/** A few tickets in every state, so that the first look shows the whole board. */
function seed() {
  const stories: [number, string, number, number, string[]][] = [
    [2, 'bearing_wear', 300, 291, []],
    [7, 'cavitation', 240, 212, ['acknowledge']],
    [10, 'winding_overheating', 400, 372, ['acknowledge', 'schedule']],
    [14, 'imbalance', 260, 236, ['start']],
    [17, 'seal_leak', 300, 276, []],
    [20, 'bearing_wear', 300, 275, ['acknowledge', 'resolve']],
    [23, 'seal_leak', 300, 275, ['resolve', 'close']],
    [30, 'hpc_degradation', 24 * 160, 24 * 132, []],
  ]
  for (const [index, mode, life, ago, actions] of stories) {
    const d = devices[index]!
    breakDevice(d, mode, life * 40, 0)
    d.failsAt = fleetNow() + (life - ago) * hour
    d.faultAt = d.failsAt - life * hour
    const ticket = openTicket(
      d,
      { ...scoreAt(d, slotEnd(d)), suspectedMode: mode },
      Date.now() - (9 - (index % 8)) * 47 * 60_000,
    )
    for (const action of actions) {
      change(String(ticket.id), action, {
        actor: 'm.weber',
        version: entryOf(String(ticket.id)).ticket.version,
        ...(action === 'schedule' ? { scheduledFor: Date.now() + 16 * hour } : {}),
        ...(action === 'resolve'
          ? { verdict: 'confirmed', verdictMode: mode, note: 'Outer race pitted, bearing set changed.' }
          : {}),
      } as unknown as Body)
    }
    if (actions.includes('resolve')) repairDevice(d)
  }
}

export function mockApi(): Plugin {
  return {
    name: 'forewarn-mock-api',
    apply: 'serve',
    configureServer(server) {
      seed()
      const timer = setInterval(tick, 400)
      timer.unref()
      server.httpServer?.on('close', () => clearInterval(timer))
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://mock')
        if (url.pathname === '/api/live') return live(response)
        if (!url.pathname.startsWith('/api/')) return next()
        answer(request, url).then(
          (body) => {
            response.writeHead(200, { 'content-type': 'application/json' })
            response.end(JSON.stringify(body))
          },
          (thrown) => refuse(response, thrown, url.pathname),
        )
      })
    },
  }
}
