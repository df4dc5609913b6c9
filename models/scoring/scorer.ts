import * as tf from '@tensorflow/tfjs-core'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { NotScoredReason, Score, ScoringState } from '../../core/score.ts'
import { type Backend, type BackendChoice, openBackend } from '../backend.ts'
import type { ModelKind } from '../registry/manifest.ts'
import type { FoldersByType, ModelFolders } from '../registry/modelFolders.ts'
import type { AlignedWindow } from '../windows/align.ts'
import { DeviceWindow, type DueWindow } from '../windows/deviceWindow.ts'
import { Slab } from '../windows/slab.ts'
import { type AssetModel, loadAssetModel, type Verdict } from './assetModel.ts'

export interface DeviceState {
  readonly device: string
  readonly assetType: string
  readonly site: string
  readonly state: ScoringState
}

export interface ScorerMetrics {
  /** Tensors alive: constant between runs, or something leaks. */
  readonly numTensors: number
  /** Windows scored since the start. */
  readonly scored: number
  /** Readings that came behind their device's watermark and changed nothing. */
  readonly late: number
  readonly devices: number
  readonly backend: Backend['name']
  readonly simd: boolean
  /** What is wrong with a faster backend that somebody installed. */
  readonly backendProblem: string | undefined
  readonly models: readonly LoadedModel[]
}

/** Champion or challenger: whether a model's scores count. */
export type ModelRole = Exclude<Score['role'], 'edge'>

/** One artifact in use. */
export interface LoadedModel {
  readonly assetType: string
  readonly role: ModelRole
  readonly kind: ModelKind
  readonly hash: string
}

export interface Scorer {
  /** After a restart: windows of `device` that end at or before `judgedUntil` warm it up and are not scored again. */
  resume(device: string, assetType: string, judgedUntil: number): void
  /** Takes readings in any order; a (device, time) that is known already, or late, changes nothing. */
  push(batch: ReadingBatch): void
  /** Scores every window that became due since the last run, in order of event time within a device. */
  run(): Promise<{ scores: Score[]; states: DeviceState[] }>
  metrics(): ScorerMetrics
  /** Puts the models of `folders` in place of the present ones, between two windows; on an error those stay. */
  swap(assetType: string, folders: ModelFolders): Promise<void>
  close(): Promise<void>
}

export interface ScorerOptions {
  readonly catalogue: Catalogue
  /** A type that is not among them has no model. */
  readonly folders: FoldersByType
  /** `models.backend`; the first that works by default. */
  readonly backend?: BackendChoice
}

/** Windows in one call of the models: bounds memory, amortises the call. */
const batchSize = 256

/** One device on its way through the scorer. */
interface Tracked {
  readonly device: string
  readonly type: AssetType
  readonly windows: DeviceWindow
  site: string
  state: ScoringState | undefined
}

/** A model of an asset type at work. */
interface Seated {
  readonly role: ModelRole
  readonly model: AssetModel
}

/** A due window that its model accepts. */
interface Pending {
  readonly tracked: Tracked
  readonly window: AlignedWindow
  readonly from: number
  readonly windowEnd: number
}

/** Throws ARTIFACT_DAMAGED; an asset type without artifacts is `not scored: no_model`. */
export async function createScorer({ catalogue, folders, backend: wanted }: ScorerOptions): Promise<Scorer> {
  const backend = await openBackend(wanted)
  const models = new Map<string, readonly Seated[]>()
  for (const type of catalogue.values())
    models.set(type.name, await seat(type, folders[type.name], loadOrNone))
  return new WindowScorer(catalogue, models, backend)
}

/** The champion first. */
async function seat(
  type: AssetType,
  folders: ModelFolders | undefined,
  load: (folder: string, type: AssetType) => Promise<AssetModel | undefined>,
): Promise<Seated[]> {
  const seated: Seated[] = []
  for (const role of ['champion', 'challenger'] as const) {
    const folder = folders?.[role]
    const model = folder && (await load(folder, type))
    if (model) seated.push({ role, model })
  }
  return seated
}

async function loadOrNone(folder: string, type: AssetType): Promise<AssetModel | undefined> {
  try {
    return await loadAssetModel(folder, type)
  } catch (error) {
    if (error instanceof ForewarnError && error.code === 'ARTIFACT_MISSING') return undefined
    throw error
  }
}

class WindowScorer implements Scorer {
  private readonly devices = new Map<string, Tracked>()
  /** Devices with readings that no run has looked at. */
  private readonly touched = new Set<Tracked>()
  private readonly judged = new Map<string, number>()
  private scored = 0
  private late = 0

  constructor(
    private readonly catalogue: Catalogue,
    private readonly models: Map<string, readonly Seated[]>,
    private readonly backend: Backend,
  ) {}

  resume(device: string, assetType: string, judgedUntil: number): void {
    this.judged.set(device, judgedUntil)
    const tracked = this.devices.get(device)
    if (tracked?.type.name === assetType) tracked.windows.skipUntil(judgedUntil)
  }

  push(batch: ReadingBatch): void {
    const type = this.catalogue.get(batch.assetType)
    if (!type) return
    const values = new Float32Array(type.channels.length)
    for (let i = 0; i < batch.length; i++) {
      const tracked = this.track(batch.device[i]!, batch.site[i]!, type)
      for (let c = 0; c < values.length; c++) values[c] = batch.channels[c]?.[i] ?? Number.NaN
      this.pushOne(tracked, batch.time[i]!, values, batch.publishedAt[i]!)
    }
  }

  private pushOne(tracked: Tracked, time: number, values: Float32Array, publishedAt: number): void {
    const { windows } = tracked
    const late = windows.late
    if (windows.push(time, values, publishedAt)) this.touched.add(tracked)
    else this.late += windows.late - late
  }

  private track(device: string, site: string, type: AssetType): Tracked {
    const known = this.devices.get(device)
    if (known?.type === type) {
      known.site = site
      return known
    }
    const tracked: Tracked = { device, type, site, windows: new DeviceWindow(type), state: undefined }
    const judgedUntil = this.judged.get(device)
    if (judgedUntil !== undefined) tracked.windows.skipUntil(judgedUntil)
    this.devices.set(device, tracked)
    return tracked
  }

  async run(): Promise<{ scores: Score[]; states: DeviceState[] }> {
    const pending = new Map<Seated, Pending[]>()
    const slab = new Slab()
    for (const tracked of this.touched) this.collect(tracked, pending, slab)
    const scores = [...pending].flatMap(([seated, windows]) => this.scoreAll(seated, windows))
    const states = [...this.touched].filter((t) => t.state !== undefined)
    this.touched.clear()
    return {
      scores,
      states: states.map(({ device, type, site, state }) => ({
        device,
        assetType: type.name,
        site,
        state: state!,
      })),
    }
  }

  /** Sorts a device's due windows into those a model will score and reasons why not. */
  private collect(tracked: Tracked, pending: Map<Seated, Pending[]>, slab: Slab): void {
    const models = this.models.get(tracked.type.name) ?? []
    const champion = models.find(({ role }) => role === 'champion')
    for (const due of tracked.windows.takeDue(slab)) {
      const { windowEnd } = due
      const reason = champion ? offer(champion, tracked, due, pending) : 'no_model'
      if (reason) setNotScored(tracked, reason, windowEnd)
      else tracked.state = { state: 'scored', windowEnd }
      for (const seated of models) if (seated !== champion) offer(seated, tracked, due, pending)
    }
  }

  private scoreAll(seated: Seated, windows: readonly Pending[]): Score[] {
    const scores: Score[] = []
    for (let i = 0; i < windows.length; i += batchSize) {
      const batch = windows.slice(i, i + batchSize)
      seated.model.score(batch).forEach((verdict, j) => {
        scores.push(this.scoreOf(seated, batch[j]!, verdict))
      })
    }
    if (seated.role === 'champion') this.scored += scores.length
    return scores
  }

  private scoreOf({ role, model }: Seated, { tracked, window, windowEnd }: Pending, verdict: Verdict): Score {
    const { anomaly, rul, failureProbability, basis, contributions, suspectedMode } = verdict
    return {
      device: tracked.device,
      site: tracked.site,
      assetType: tracked.type.name,
      windowEnd,
      model: model.hash,
      role,
      anomaly,
      rul,
      failureProbability,
      basis,
      contributions,
      suspectedMode,
      publishedAt: window.publishedAt,
      evidence: {
        window: window.values,
        rows: window.rows,
        channels: tracked.type.channels.map((c) => c.name),
        times: window.times,
        backend: this.backend.name,
        simd: this.backend.simd,
      },
    }
  }

  metrics(): ScorerMetrics {
    return {
      numTensors: tf.memory().numTensors,
      scored: this.scored,
      late: this.late,
      devices: this.devices.size,
      backend: this.backend.name,
      simd: this.backend.simd,
      backendProblem: this.backend.problem,
      models: [...this.models].flatMap(([assetType, seated]) =>
        seated.flatMap(({ role, model: { forecaster, autoencoder } }) => [
          ...(forecaster ? [{ assetType, role, kind: 'forecaster' as const, hash: forecaster.hash }] : []),
          { assetType, role, kind: 'autoencoder' as const, hash: autoencoder.hash },
        ]),
      ),
    }
  }

  async swap(assetType: string, folders: ModelFolders): Promise<void> {
    const type = this.catalogue.get(assetType)
    if (!type) throw new ForewarnError('ARTIFACT_MISSING', { kind: 'catalogue entry', assetType })
    const next = await seat(type, folders, loadAssetModel)
    for (const { model } of this.models.get(assetType) ?? []) model.dispose()
    this.models.set(assetType, next)
  }

  async close(): Promise<void> {
    for (const { model } of [...this.models.values()].flat()) model.dispose()
    this.models.clear()
    this.devices.clear()
    this.touched.clear()
  }
}

/** Gives a window to a model; the reason where it cannot judge it. */
function offer(
  seated: Seated,
  tracked: Tracked,
  due: DueWindow,
  pending: Map<Seated, Pending[]>,
): NotScoredReason | undefined {
  const outcome = accept(seated.model, due)
  if ('reason' in outcome) return outcome.reason
  const windows = pending.get(seated) ?? []
  windows.push({ tracked, windowEnd: due.windowEnd, window: outcome.window, from: outcome.from })
  pending.set(seated, windows)
  return undefined
}

function accept(
  model: AssetModel,
  due: DueWindow,
): { window: AlignedWindow; from: number } | { reason: NotScoredReason } {
  if ('reason' in due) return due
  const fitness = model.fitness(due.window)
  return 'reason' in fitness ? fitness : { window: due.window, from: fitness.from }
}

/** `since` stays at the first window that could not be scored for this reason. */
function setNotScored(tracked: Tracked, reason: NotScoredReason, windowEnd: number): void {
  const { state } = tracked
  if (state?.state === 'not_scored' && state.reason === reason) return
  tracked.state = { state: 'not_scored', reason, since: windowEnd }
}
