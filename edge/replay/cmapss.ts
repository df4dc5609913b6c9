import type { AssetType } from '../../core/catalogue.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { createPacer, untilPast } from '../pacer.ts'
import { openPublisher } from '../publisher.ts'
import { createSentCounter, type Sent } from '../sent.ts'
import {
  type EventPayload,
  eventTopic,
  type Place,
  type TelemetryPayload,
  telemetryTopic,
} from '../topics.ts'
import { type CmapssEngine, engineDevice, readEngines } from './cmapssFile.ts'
import { judgeReplay, type ReplayJudgement } from './judge.ts'

export interface ReplayOptions {
  /** The broker: `mqtt://host:port`. */
  readonly url: string
  /** PEM of the authority that signed the broker's certificate; undefined: those that Node.js trusts. */
  readonly ca?: string | undefined
  /** The asset type `turbofan` of the catalogue. */
  readonly assetType: AssetType
  /** A run-to-failure file of the data set, unchanged. */
  readonly file: string
  /** `81-100`, `3,17`; all of the file when left out. */
  readonly units?: string | undefined
  /** Readings a second of all engines together. */
  readonly rate: number
  readonly site?: string | undefined
  /** Event time between two cycles, ms; default the asset type's cadence. */
  readonly cadenceMs?: number | undefined
  /** Event time of cycle 0, ms; default such that the longest life ends just before now. */
  readonly start?: number | undefined
  readonly maxInFlight?: number | undefined
  readonly clock?: Clock | undefined
  /** Called about once a second's worth of readings, and at the end. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined
}

export interface ReplayProgress {
  readonly published: number
  readonly total: number
  readonly failed: number
  readonly engines: number
}

/** The opening of a ticket about an engine: event time of the end of the window that decided it. */
export interface EngineTicketOpening {
  readonly device: string
  readonly windowEnd: number
}

export interface Replay {
  /** Resolves when every engine has failed and the broker has acknowledged everything. */
  readonly done: Promise<void>
  /** Event time of cycle 0, ms: ingest.maxPastDays must reach back to here. */
  readonly start: number
  readonly devices: readonly string[]
  progress(): ReplayProgress
  /** Readings that the broker acknowledged. */
  sent(): Sent
  inFlight(): number
  /** Judges the engines that have failed so far. */
  judge(openings: readonly EngineTicketOpening[]): ReplayJudgement
  stop(timeoutMs?: number): Promise<void>
}

interface Engine {
  readonly place: Place
  readonly rows: CmapssEngine['rows']
}

/** Publishes real engines, one cycle a reading, side by side, until each has failed. Throws DATA_FILE_INVALID, CONFIG_INVALID. */
export async function startReplay(options: ReplayOptions): Promise<Replay> {
  const { url, ca, assetType, file, rate, site = 'hangar', clock = systemClock } = options
  const engines = (await readEngines(file, options.units)).map(({ unit, rows }): Engine => {
    return { rows, place: { site, assetType: assetType.name, device: engineDevice(file, unit) } }
  })

  const longest = Math.max(...engines.map((e) => e.rows.length))
  const total = engines.reduce((sum, e) => sum + e.rows.length, 0)
  const cadenceMs = options.cadenceMs ?? assetType.cadenceMs
  const start = options.start ?? clock.now() - (longest + 1) * cadenceMs
  const boot = clock.now().toString(36)
  const publisher = openPublisher({ url, ca, name: 'replay', maxInFlight: options.maxInFlight })
  const sent = createSentCounter()
  const stopping = new AbortController()
  const failed = new Map<string, number>()
  let published = 0

  const progress = () => ({ published, total, failed: failed.size, engines: engines.length })

  const publishCycle = async ({ place, rows }: Engine, cycle: number, time: number) => {
    const row = rows[cycle - 1]!
    const payload: TelemetryPayload = {
      time,
      seq: cycle - 1,
      boot,
      publishedAt: clock.now(),
      values: Object.fromEntries(assetType.channels.map((channel, i) => [channel.name, row[i]!])),
    }
    await publisher.publish(telemetryTopic(place), JSON.stringify(payload), () => sent.count(place.device))
    published++
    if (published % Math.ceil(rate) === 0) options.onProgress?.(progress())
  }

  const publishFailure = async ({ place, rows }: Engine, time: number) => {
    const event: EventPayload = { time, kind: 'failed', detail: `after ${rows.length} cycles` }
    await publisher.publish(eventTopic(place), JSON.stringify(event), () => {})
    failed.set(place.device, rows.length)
  }

  const run = async () => {
    const pacer = createPacer(clock, rate)
    for (let cycle = 1; cycle <= longest; cycle++) {
      const time = start + cycle * cadenceMs
      for (const engine of engines.filter((e) => e.rows.length >= cycle)) {
        await pacer.turn(stopping.signal)
        await untilPast(time, clock, stopping.signal)
        if (stopping.signal.aborted) return
        await publishCycle(engine, cycle, time)
        if (cycle === engine.rows.length) await publishFailure(engine, time)
      }
    }
    await publisher.drained()
    options.onProgress?.(progress())
  }
  const done = run()

  return {
    done,
    start,
    progress,
    devices: engines.map((e) => e.place.device),
    sent: sent.read,
    inFlight: publisher.inFlight,
    judge: (openings) =>
      judgeReplay(
        [...failed].map(([device, lastCycle]) => ({ device, lastCycle })),
        openings.map((o) => ({ device: o.device, cycle: Math.round((o.windowEnd - start) / cadenceMs) })),
      ),
    async stop(timeoutMs) {
      stopping.abort()
      await Promise.all([done, publisher.close(timeoutMs)])
    },
  }
}
