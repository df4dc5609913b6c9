import { setTimeout as sleep } from 'node:timers/promises'
import type { Summary } from '../../../alerts/http/schemas/index.ts'
import { type ForewarnProcess, getJson, startProcess } from '../../support/forewarnProcess.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { writeCatalogue } from '../lib/catalogue.ts'
import { ownMemoryMb, usageOf } from '../lib/processUsage.ts'
import { type LoadResult, publish } from '../publisher/publisher.ts'

const dayMs = 86_400_000
const cadenceMs = 1_000
const windowLength = 72
const connections = 50
/** Messages a second: well below what the machine takes, so that a fleet's size alone can slow it down. */
const rate = 20_000
const patienceMs = 1_800_000
/** The summary counts what is stored: asked for more often it would slow down what it tells of. */
const askEveryMs = 1_000

/** What V8 has not collected yet, MB: so far two runs of one size may lie apart. */
const uncollectedMb = 150
/** Among fewer devices that tells nothing about one. */
const tellingDevices = 9_000
const uncollected = (devices: number) =>
  `what V8 has not collected yet: up to ${uncollectedMb} MB more or less, ${Math.round((uncollectedMb * 1024) / devices)} KB a device at this size`

const sizes = [100, 1_000, 10_000, 100_000]
/** Every fleet sends as many readings as fill the windows of the largest: what is stored is not what is compared. */
const fillReadings = (windowLength + 4) * Math.max(...sizes)

/** A fleet of each size at the same total rate: what a device costs when nothing else changes. */
export const devices: BenchCase = {
  name: 'devices',
  about: 'throughput, memory a device and start-up with 100 to 100,000 devices at one total rate',
  async *run(context) {
    let smallest: Fleet | undefined
    for (const size of sizes) {
      const fleet = await measure(context, size, fillReadings)
      smallest ??= fleet
      yield measured(fleet, smallest)
    }
  },
}

/** What was seen of a fleet of one size. */
export interface Fleet {
  readonly size: number
  readonly seconds: number
  /** All devices speak for the first time. */
  readonly burst: LoadResult
  readonly registeredSeconds: number
  readonly steady: LoadResult
  readonly memoryMb: number
  readonly rssMb: number
  readonly restart: Restart
}

/** Times since the process was started anew, s. */
interface Restart {
  readonly listeningSeconds: number
  readonly firstScoreSeconds: number
  /** Every device has a score of a window that was filled from the store. */
  readonly allScoredSeconds: number
}

/** Sends `readings` in all before it measures memory and throughput. */
export async function measure(context: BenchContext, size: number, readings: number): Promise<Fleet> {
  const seconds = context.seconds ?? 30
  const folder = await context.folder()
  const [toFill, toMeasure] = [readings, seconds * rate].map((n) => Math.ceil(n / size)) as [number, number]
  const line = new Timeline(size, 1 + toFill + toMeasure)
  const forewarn = await startForewarn(folder)
  let before: Omit<Fleet, 'restart'>
  try {
    context.progress(`devices: ${size} devices speak for the first time`)
    const began = performance.now()
    const burst = await line.send(forewarn, { rate, readings: 1 })
    await until(forewarn, (s) => s.devices.known >= size && isSettled(s))
    const registeredSeconds = since(began)
    context.progress(`devices: ${size} devices fill their windows`)
    await line.send(forewarn, { readings: toFill })
    await until(forewarn, isSettled)
    context.progress(`devices: ${size} devices at ${rate} messages a second`)
    const steady = await line.send(forewarn, { rate, readings: toMeasure })
    await until(forewarn, isSettled)
    const memoryMb = ownMemoryMb(forewarn.pid)
    const { rssMb } = usageOf(forewarn.pid)
    before = { size, seconds, burst, registeredSeconds, steady, memoryMb, rssMb }
  } finally {
    await forewarn.stop()
  }
  context.progress(`devices: ${size} devices after a restart`)
  return { ...before, restart: await restarted(folder, line, size) }
}

/** Each reading is in one scored window: the stride is the window's length. */
const startForewarn = (folder: string) =>
  startProcess({
    folder,
    env: {
      FOREWARN_CATALOGUE_FOLDER: writeCatalogue(folder, { cadenceMs, stride: windowLength }),
      FOREWARN_INGEST_MAXPASTDAYS: '400',
    },
  })

/** The fleet's event time, which goes on from one stretch to the next. */
class Timeline {
  private step = 0
  private readonly from: number

  /** `onStride`: after so many readings of every device comes one at which a window ends. */
  constructor(
    private readonly size: number,
    onStride: number,
  ) {
    const strideMs = windowLength * cadenceMs
    const end = Math.floor((Date.now() - 390 * dayMs) / strideMs) * strideMs
    this.from = end - onStride * cadenceMs
  }

  /** So many readings of every device. */
  async send({ mqttUrl }: ForewarnProcess, load: { readings: number; rate?: number }): Promise<LoadResult> {
    const from = this.from + this.step * cadenceMs
    this.step += load.readings
    return publish({
      ...load,
      seconds: patienceMs / 1_000,
      host: '127.0.0.1',
      port: Number(new URL(mqttUrl).port),
      connections: Math.min(connections, this.size),
      devices: this.size,
      window: 160,
      assetType: 'pump',
      from,
      cadenceMs,
    })
  }
}

async function restarted(folder: string, line: Timeline, size: number): Promise<Restart> {
  const began = performance.now()
  const forewarn = await startForewarn(folder)
  try {
    const listeningSeconds = since(began)
    const sent = line.send(forewarn, { rate, readings: 1 })
    await until(forewarn, ({ scoring }) => scoring.scored > 0)
    const firstScoreSeconds = since(began)
    await sent
    await until(forewarn, ({ scoring }) => scoring.scored >= size)
    return { listeningSeconds, firstScoreSeconds, allScoredSeconds: since(began) }
  } finally {
    await forewarn.stop()
  }
}

async function until(forewarn: ForewarnProcess, satisfied: (summary: Summary) => boolean): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(askEveryMs))
    if (satisfied(await getJson<Summary>(`${forewarn.httpUrl}/api/summary`))) return
  throw new Error(`not reached within ${patienceMs} ms`)
}

const since = (began: number) => Number(((performance.now() - began) / 1_000).toFixed(1))

const isSettled = ({ log }: Summary) => Object.values(log.behind).every((n) => n === 0)

const perSecond = ({ acknowledgedInTime, seconds }: LoadResult) => acknowledgedInTime / seconds

export function measured(fleet: Fleet, smallest: Fleet): Measured {
  const { size, seconds, burst, steady, memoryMb, rssMb, restart, registeredSeconds } = fleet
  const more = size - smallest.size
  const kb = more >= tellingDevices ? ((memoryMb - smallest.memoryMb) * 1024) / more : null
  return {
    settings: { devices: size, rate, connections: Math.min(connections, size), seconds, store: 'duckdb' },
    figures: {
      messagesPerSecond: Math.round(perSecond(steady)),
      shareOfSmallest: Number((perSecond(steady) / perSecond(smallest.steady)).toFixed(2)),
      ackP99Ms: steady.ackP99Ms,
      firstSeenMessagesPerSecond: Math.round(perSecond(burst)),
      firstSeenAckP99Ms: burst.ackP99Ms,
      registeredSeconds,
      rssMb,
      ownMemoryMb: Math.round(memoryMb),
      kbPerDevice: kb === null ? null : Number(kb.toFixed(1)),
      ...restart,
    },
    aims: [
      { figure: 'shareOfSmallest', atLeast: 0.8 },
      ...(kb === null ? [] : [{ figure: 'kbPerDevice', atMost: 8, limitedBy: uncollected(more) }]),
      { figure: 'firstScoreSeconds', atMost: 10 },
    ],
  }
}
