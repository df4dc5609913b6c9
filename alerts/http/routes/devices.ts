import type { AssetType } from '../../../core/catalogue.ts'
import type { Device } from '../../../core/device.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { hourMs } from '../../../core/series.ts'
import { isFinished } from '../../../core/ticket.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { deviceParams } from '../schemas/common.ts'
import { deviceDecisions } from '../schemas/decisions.ts'
import {
  deviceDetail,
  deviceList,
  type LatestReading,
  lifeEvent,
  lifeEventBody,
  trend,
  trendQuery,
} from '../schemas/devices.ts'
import { scoreList, scoresQuery } from '../schemas/scores.ts'
import { viewAlarm } from '../views/alarm.ts'
import { viewDecisions } from '../views/decisions.ts'
import { viewDevice, viewFleet } from '../views/device.ts'

const tags = ['devices']
const dayMs = 86_400_000
/** An event further ahead than this is a mistake in the clock or the unit. */
const maxAheadMs = 60_000

export function deviceRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/devices',
    {
      schema: {
        tags,
        summary: 'The fleet: every device with its newest score, or the reason why it has none',
        response: answers(deviceList),
      },
    },
    async () => ({ devices: await viewFleet(deps) }),
  )

  app.get(
    '/api/devices/:device',
    {
      schema: {
        tags,
        summary: 'A device with its newest reading, alarm, tickets and life events',
        params: deviceParams,
        response: answers(deviceDetail),
      },
    },
    ({ params }) => detail(deps, params.device),
  )

  app.get(
    '/api/devices/:device/trend',
    {
      schema: {
        tags,
        summary: 'Min, mean and max of a channel over time',
        params: deviceParams,
        querystring: trendQuery,
        response: answers(trend),
      },
    },
    async ({ params, query }) => {
      const device = await deps.register.get(params.device)
      const type = typeOf(deps, device)
      const channel = type.channels.find((c) => c.name === query.channel)
      if (!channel) throw invalid(`${type.name} has no channel ${query.channel}`)
      const { from, to } = await rangeOf(deps, device, type, query)
      const bucketMs = bucketOf((to - from) / query.buckets)
      const buckets = await deps.telemetry.trend(type.name, device.device, channel.name, from, to, bucketMs)
      const { name, unit, normal = null } = channel
      return { device: device.device, channel: name, unit, normal, from, to, bucketMs, buckets }
    },
  )

  app.get(
    '/api/devices/:device/scores',
    {
      schema: {
        tags,
        summary: 'The forecasts of a device, oldest first; thinned to `limit`',
        params: deviceParams,
        querystring: scoresQuery,
        response: answers(scoreList),
      },
    },
    async ({ params, query }) => {
      const device = await deps.register.get(params.device)
      const { from, to } = await rangeOf(deps, device, typeOf(deps, device), query)
      const { limit, role } = query
      const scores = await deps.scores.scores(device.assetType, device.device, from, to, limit, role)
      return { from, to, scores }
    },
  )

  app.get(
    '/api/devices/:device/decisions',
    {
      schema: {
        tags,
        summary: 'Why there is no ticket for a device, and what the policy decided about it lately',
        params: deviceParams,
        response: answers(deviceDecisions),
      },
    },
    ({ params }) => viewDecisions(deps, params.device),
  )

  app.post(
    '/api/devices/:device/events',
    {
      schema: {
        tags,
        summary: 'Tell an event in the life of a device; installed, repaired and replaced end its alarm',
        params: deviceParams,
        body: lifeEventBody,
        response: answers(lifeEvent),
      },
    },
    async ({ params, body }) => {
      const device = await deps.register.get(params.device)
      if (body.time !== undefined && body.time > deps.clock.now() + maxAheadMs) {
        throw invalid('time lies ahead; it is in milliseconds since the epoch')
      }
      const time = body.time ?? (await newestTime(deps, device)) ?? deps.clock.now()
      const event = { device: device.device, kind: body.kind, detail: body.detail, time }
      await deps.lifeEvent(event)
      return event
    },
  )
}

async function detail(deps: ServerDeps, name: string) {
  const device = await deps.register.get(name)
  const tickets = await deps.tickets.list({ device: name })
  const alarm = await deps.alarm(name)
  const open = tickets.find((t) => !isFinished(t.state))
  return {
    device: viewDevice(device, deps.states().get(name), open?.id ?? null),
    parent: device.parent,
    events: await deps.register.events(name),
    tickets,
    latest: await latestReading(deps, device),
    alarm: alarm ? viewAlarm(alarm, deps.policy) : null,
  }
}

const invalid = (problem: string) => new ForewarnError('REQUEST_INVALID', { problem })

function typeOf({ catalogue }: ServerDeps, device: Device): AssetType {
  const type = catalogue.get(device.assetType)
  if (type) return type
  throw invalid(`the catalogue no longer has the asset type ${device.assetType} of ${device.device}`)
}

/** The newest readings of a device, oldest first. Nothing is accepted from as far ahead as a day. */
const newest = ({ telemetry, clock }: ServerDeps, device: Device, rows: number): Promise<ReadingBatch> =>
  telemetry.window(device.assetType, device.device, clock.now() + dayMs, rows)

/** A device lives in its own time: a replayed one years ago. So a range ends, by default, with its newest reading. */
async function rangeOf(
  deps: ServerDeps,
  device: Device,
  type: AssetType,
  wanted: { from?: number | undefined; to?: number | undefined },
): Promise<{ from: number; to: number }> {
  const { time } = await newest(deps, device, 2 * type.window.length)
  const to = wanted.to ?? (time.at(-1) ?? deps.clock.now()) + 1
  const from = wanted.from ?? Math.min(time[0] ?? to, to - type.cadenceMs)
  if (from >= to) throw invalid('from has to be before to')
  return { from, to }
}

async function newestTime(deps: ServerDeps, device: Device): Promise<number | undefined> {
  return (await newest(deps, device, 1)).time[0]
}

async function latestReading(deps: ServerDeps, device: Device): Promise<LatestReading | null> {
  const type = deps.catalogue.get(device.assetType)
  if (!type) return null
  const batch = await newest(deps, device, 1)
  const time = batch.time[0]
  if (time === undefined) return null
  const values = type.channels.map(({ name }, c) => {
    const value = batch.channels[c]?.[0]
    return [name, value === undefined || Number.isNaN(value) ? null : value] as const
  })
  return { time, values: Object.fromEntries(values) }
}

/**
 * Width of buckets, ms: as wide as wanted, above an hour whole hours, for which the stores have roll-ups. A range that
 * ends a millisecond after its last reading needs no wider ones for it.
 */
const bucketOf = (wanted: number): number =>
  wanted <= hourMs ? Math.max(1, Math.ceil(wanted)) : Math.ceil(wanted / hourMs - 0.01) * hourMs
