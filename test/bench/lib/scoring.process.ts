import { fileURLToPath } from 'node:url'
import { type AssetType, parseAssetType } from '../../../core/catalogue.ts'
import { messageOf } from '../../../core/errors.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { simulateLife } from '../../../edge/simulator/lives.ts'
import { type BackendChoice, openBackend } from '../../../models/backend.ts'
import { compileFeatures, type Rows } from '../../../models/features/compute.ts'
import { normaliseInto } from '../../../models/features/normalise.ts'
import type { Manifest } from '../../../models/registry/manifest.ts'
import { plainFolders } from '../../../models/registry/modelFolders.ts'
import { loadAssetModel } from '../../../models/scoring/assetModel.ts'
import { forecastWith, type Matrix, outputsOf } from '../../../models/scoring/infer.ts'
import { createScorer } from '../../../models/scoring/scorer.ts'
import { shippedPump } from './catalogue.ts'
import type { ScoringFigures, ScoringTask } from './scoring.ts'

/* A process of its own: a process has one backend, and what else it does would be counted. */
const artifacts = fileURLToPath(new URL('../../../models/artifacts', import.meta.url))
const pump = parseAssetType(shippedPump({ stride: 1 }), 'pump.yaml')
const channels = pump.channels.map((c) => c.name)
const rows = pump.window.length

process.once('message', (task: ScoringTask) => {
  figuresOf(task).then(
    (figures) => process.send!(figures, () => process.disconnect()),
    (error) => process.send!({ error: messageOf(error) }, () => process.disconnect()),
  )
})

async function figuresOf({ backend, what, batch, seconds }: ScoringTask): Promise<ScoringFigures> {
  await openBackend(backend)
  const work = what === 'scorer' ? await scorerRun(backend, batch) : await modelRun(what, batch)
  await timed(work, seconds / 4)
  return timed(work, seconds)
}

/** Does `work` again and again; each time it returns how many windows it scored. */
async function timed(work: () => Promise<number>, seconds: number): Promise<ScoringFigures> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  let windows = 0
  while (performance.now() - started < seconds * 1_000) windows += await work()
  const { user, system } = process.cpuUsage(before)
  return {
    windowsPerSecond: Math.round((windows * 1_000) / (performance.now() - started)),
    cpuMicrosecondsPerWindow: Number(((user + system) / windows).toFixed(2)),
  }
}

/** One model with the features that it is given, from the window to its numbers. */
async function modelRun(what: 'forecaster' | 'autoencoder', batch: number): Promise<() => Promise<number>> {
  const { forecaster, autoencoder } = await loadAssetModel(`${artifacts}/pump`, pump)
  const { manifest, members } = what === 'forecaster' ? forecaster! : autoencoder
  const prepare = preparing(manifest)
  const windows = simulatedWindows(batch)
  return async () => {
    const x = prepare(windows)
    if (what === 'forecaster') forecastWith(members, x, forecaster!.manifest.rulCap)
    else outputsOf(members[0]!, x)
    return batch
  }
}

function preparing({ features }: Manifest): (windows: readonly Rows[]) => Matrix {
  const make = compileFeatures(features, channels)
  const width = features.normalisation.mean.length
  return (windows) => {
    const data = new Float32Array(windows.length * width)
    windows.forEach((window, i) => {
      normaliseInto(data, i * width, make(window), features.normalisation)
    })
    return { data, width }
  }
}

function simulatedWindows(count: number): Rows[] {
  const { values } = simulatedLife(rows + count)
  return Array.from({ length: count }, (_, start) => ({
    values: Float32Array.from(
      { length: rows * channels.length },
      (_, i) => values[i % channels.length]![start + Math.floor(i / channels.length)]!,
    ),
    rows,
    channels: channels.length,
  }))
}

const simulatedLife = (totalSlots: number) =>
  simulateLife({ seed: 'bench', mode: null, startHours: 0, totalSlots })

/** The whole way from readings to scores, a reading of each of `batch` devices at a time. */
async function scorerRun(backend: BackendChoice, batch: number): Promise<() => Promise<number>> {
  const scorer = await createScorer({
    catalogue: new Map([[pump.name, pump]]),
    folders: plainFolders(artifacts, [pump.name]),
    backend,
  })
  const { values } = simulatedLife(2_000)
  let slot = 1
  const run = async () => {
    scorer.push(readingsOf(pump, values, slot++, batch))
    return (await scorer.run()).scores.length
  }
  // Only full windows from here on.
  while (slot <= rows + pump.window.maxHeld + 2) await run()
  return run
}

const names = Array.from({ length: 1_000 }, (_, i) => `pump-${i}`)

function readingsOf(
  type: AssetType,
  values: readonly Float64Array[],
  slot: number,
  devices: number,
): ReadingBatch {
  const column = (value: (device: number) => number) =>
    Float64Array.from({ length: devices }, (_, i) => value(i))
  return {
    assetType: type.name,
    length: devices,
    device: names.slice(0, devices),
    site: new Array<string>(devices).fill('bench'),
    time: column(() => slot * type.cadenceMs),
    receivedAt: column(() => slot * type.cadenceMs),
    publishedAt: column(() => Number.NaN),
    seq: column(() => slot),
    channels: values.map((channel) => column((device) => channel[(slot + 7 * device) % channel.length]!)),
  }
}
