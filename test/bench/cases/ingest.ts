import { setTimeout as sleep } from 'node:timers/promises'
import { type ForewarnProcess, startProcess } from '../../support/forewarnProcess.ts'
import { startBareBroker } from '../lib/bareBroker.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { writeCatalogue } from '../lib/catalogue.ts'
import { eventLoopDelay, summaryOf, whenSettled } from '../lib/looks.ts'
import { mainThreadSeconds, usageOf } from '../lib/processUsage.ts'
import { type Load, type LoadResult, startPublisher } from '../publisher/publisher.ts'
import { ingestServices } from './ingestServices.ts'

const dayMs = 86_400_000
const cadenceMs = 1_000
/** Each reading is in one scored window: the stride is the window's length. */
const stride = 72
/** Messages under way over all connections. */
const underWay = 4_000
const rampSeconds = 5

const aims: Readonly<Record<number, number>> = { 50: 80_000, 1000: 40_000 }

/** Durable QoS 1 with store and scoring on, beside the bare limit of the same machine in the same run. */
export const ingest: BenchCase = {
  name: 'ingest',
  about: 'messages a second from the device to the store, durable, beside a broker with nothing behind it',
  async *run(context) {
    if (context.services) yield* ingestServices(context)
    else for (const connections of [1, 50, 1_000]) yield await measure(context, connections)
  },
}

async function measure(context: BenchContext, connections: number): Promise<Measured> {
  const seconds = context.seconds ?? 60
  context.progress(`ingest: ${connections} connections, the bare broker`)
  const bare = await bareLimit(loadFor(connections, Math.min(seconds, 20)))
  context.progress(`ingest: ${connections} connections, forewarn`)
  const folder = await context.folder()
  const forewarn = await startProcess({
    folder,
    env: {
      FOREWARN_CATALOGUE_FOLDER: writeCatalogue(folder, { cadenceMs, stride }),
      FOREWARN_INGEST_MAXPASTDAYS: '400',
    },
  })
  try {
    return await loaded(forewarn, connections, seconds, bare)
  } finally {
    await forewarn.stop()
  }
}

function loadFor(connections: number, seconds: number): Omit<Load, 'port'> {
  return {
    host: '127.0.0.1',
    connections,
    window: Math.max(4, Math.round(underWay / connections)),
    seconds,
    assetType: 'pump',
    from: Math.floor(Date.now() / cadenceMs) * cadenceMs - 390 * dayMs,
    cadenceMs,
  }
}

async function bareLimit(load: Omit<Load, 'port'>): Promise<LoadResult> {
  const broker = await startBareBroker()
  try {
    return await (await startPublisher({ ...load, port: broker.port })).run()
  } finally {
    await broker.stop()
  }
}

async function loaded(
  forewarn: ForewarnProcess,
  connections: number,
  seconds: number,
  bare: LoadResult,
): Promise<Measured> {
  const port = Number(new URL(forewarn.mqttUrl).port)
  const warmUp = { ...loadFor(connections, rampSeconds), port, prefix: 'w' }
  const warm = await (await startPublisher(warmUp)).run()
  const publisher = await startPublisher({ ...loadFor(connections, seconds), port })
  const before = { ...usageOf(forewarn.pid), main: mainThreadSeconds(forewarn.pid) }
  const running = publisher.run()
  let rssMb = 0
  const sampled = setInterval(() => (rssMb = Math.max(rssMb, usageOf(forewarn.pid).rssMb)), 1_000)
  await eventLoopDelay(forewarn)
  await sleep(seconds * 1_000 - 1_500)
  const delay = await eventLoopDelay(forewarn)
  const { behind } = (await summaryOf(forewarn)).log
  const result = await running
  clearInterval(sampled)
  const after = { ...usageOf(forewarn.pid), main: mainThreadSeconds(forewarn.pid) }
  const perSecond = result.acknowledgedInTime / result.seconds
  const bareRate = bare.acknowledgedInTime / bare.seconds
  const settled = await whenSettled(forewarn)
  return {
    settings: { connections, seconds, window: loadFor(connections, 1).window, stride, store: 'duckdb' },
    figures: {
      messagesPerSecond: Math.round(perSecond),
      bareMessagesPerSecond: Math.round(bareRate),
      shareOfBare: Number((perSecond / bareRate).toFixed(2)),
      ackP50Ms: result.ackP50Ms,
      ackP99Ms: result.ackP99Ms,
      ackMaxMs: result.ackMaxMs,
      eventLoopDelayP99Ms: delay,
      backlogSeconds: Number((Math.max(...Object.values(behind)) / perSecond).toFixed(2)),
      cores: Number(((after.cpuSeconds - before.cpuSeconds) / seconds).toFixed(2)),
      mainThreadMicrosecondsPerMessage: Number(
        (((after.main - before.main) * 1e6) / result.acknowledged).toFixed(2),
      ),
      publisherCores: Number((result.cpuSeconds / result.seconds).toFixed(2)),
      rssMb,
      windowsScored: settled.scoring.scored,
      // the newest readings of a device wait for the rest of their window
      readingsOutsideWindowsPerDevice: Math.round(
        (settled.readings.stored - settled.scoring.scored * stride) / (2 * connections),
      ),
      lost: warm.acknowledged + result.acknowledged - settled.readings.stored,
      outOfOrder: result.outOfOrder,
    },
    aims: [
      { figure: 'shareOfBare', atLeast: 0.75 },
      ...(aims[connections] ? [{ figure: 'messagesPerSecond', atLeast: aims[connections] }] : []),
      { figure: 'backlogSeconds', atMost: 1 },
      { figure: 'eventLoopDelayP99Ms', atMost: 50 },
      { figure: 'readingsOutsideWindowsPerDevice', atMost: stride },
      { figure: 'lost', atMost: 0 },
    ],
  }
}
