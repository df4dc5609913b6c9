import { setTimeout as sleep } from 'node:timers/promises'
import { loadCatalogue } from '../../../app/loadCatalogue.ts'
import { startFleet } from '../../../edge/simulator/fleet.ts'
import { type ForewarnProcess, startProcess } from '../../support/forewarnProcess.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { folderMb } from '../lib/folderSize.ts'
import { metricsOf } from '../lib/metrics.ts'
import { usageOf } from '../lib/processUsage.ts'
import { growthOf, type Sample } from '../lib/samples.ts'

const pumps = 500
/** An hour of 500 machines with a reading in ten seconds, in three minutes: 1,000 readings a second. */
const readings = 180_000
const usualSeconds = 180
const everyMs = 2_000
const mb = 1e6

/** An hour of a plant at compressed time: what grows after the first third would grow for ever. */
export const memory: BenchCase = {
  name: 'memory',
  about: 'memory, log and store over an hour of 500 machines at compressed time',
  async *run(context) {
    yield await measure(context)
  },
}

async function measure(context: BenchContext): Promise<Measured> {
  const seconds = context.seconds ?? usualSeconds
  const folder = await context.folder()
  const forewarn = await startProcess({ folder })
  try {
    const samples = await underLoad(context, forewarn, folder, seconds)
    return told(samples, seconds)
  } finally {
    await forewarn.stop()
  }
}

async function underLoad(
  { progress }: BenchContext,
  forewarn: ForewarnProcess,
  folder: string,
  seconds: number,
): Promise<Sample[]> {
  const fleet = startFleet({
    url: forewarn.mqttUrl,
    assetType: loadCatalogue().get('pump')!,
    seed: 'memory',
    pumps,
    ratePerDevice: readings / seconds / pumps,
  })
  const samples: Sample[] = []
  try {
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
      samples.push(await sampleOf(forewarn, folder))
      if (samples.length % 10 === 0) progress(`memory: ${JSON.stringify(samples.at(-1))}`)
      await sleep(everyMs)
    }
  } finally {
    await fleet.stop()
  }
  return samples
}

async function sampleOf({ httpUrl, pid }: ForewarnProcess, folder: string): Promise<Sample> {
  const metric = await metricsOf(httpUrl)
  return {
    rssMb: usageOf(pid).rssMb,
    heapMb: metric('nodejs_heap_size_used_bytes') / mb,
    externalMb: metric('nodejs_external_memory_bytes') / mb,
    storeHeapMb: metric('forewarn_thread_heap_bytes{thread="store"}') / mb,
    scorerHeapMb: metric('forewarn_thread_heap_bytes{thread="scorer"}') / mb,
    pgliteHeapMb: metric('forewarn_thread_heap_bytes{thread="pglite"}') / mb,
    tensors: metric('forewarn_tfjs_tensors'),
    logMb: metric('forewarn_log_bytes') / mb,
    folderMb: folderMb(folder),
    stored: metric('forewarn_readings_stored'),
  }
}

/** The folder holds what was stored, and grows with it. */
const flat = ['rssMb', 'heapMb', 'externalMb', 'storeHeapMb', 'scorerHeapMb', 'pgliteHeapMb'] as const

function told(samples: readonly Sample[], seconds: number): Measured {
  const after = samples.slice(Math.ceil(samples.length / 3))
  const figures: Record<string, number> = {}
  for (const name of [...flat, 'tensors', 'logMb', 'folderMb'] as const) {
    const { least, most, growth } = growthOf(after.map((sample) => sample[name]))
    figures[`${name}Least`] = least
    figures[`${name}Most`] = most
    figures[`${name}Growth`] = growth
  }
  return {
    settings: { pumps, seconds, readings: samples.at(-1)!.stored },
    figures,
    aims: [
      { figure: 'rssMbGrowth', atMost: 0.1 },
      { figure: 'heapMbGrowth', atMost: 0.1 },
      { figure: 'externalMbGrowth', atMost: 0.1 },
      { figure: 'tensorsGrowth', atMost: 0 },
      { figure: 'logMbMost', atMost: 64 },
    ],
  }
}
