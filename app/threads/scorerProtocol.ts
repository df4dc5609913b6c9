import type { Catalogue } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import type { SourcePosition } from '../../core/ports.ts'
import type { LogPosition, ReadingBatch } from '../../core/reading.ts'
import type { Score, ScoringState } from '../../core/score.ts'
import type { Share } from '../../ingest/handoff/partition.ts'
import type { FoldersByType, ModelFolders } from '../../models/registry/modelFolders.ts'
import type { LoadedModel } from '../../models/scoring/scorer.ts'
import type { FirstSight } from './warmUp.ts'

/** Where the readings come from: this process's log, or the ingest processes' by Redis Streams. */
export type SourceStart =
  | { readonly kind: 'log'; readonly folder: string; readonly from: LogPosition }
  | { readonly kind: 'streams'; readonly redis: Config['queue']; readonly share: Share }

/** What the scorer's thread is started with. */
export interface ScorerStart {
  readonly catalogue: Catalogue
  readonly source: SourceStart
  readonly folders: FoldersByType
  readonly backend: Config['models']['backend']
  /** Devices that were judged before the restart: their windows up to then are history. */
  readonly judged: readonly { device: string; assetType: string; until: number }[]
  /** Devices with stored readings: their windows are filled from the store at first sight. */
  readonly stored: readonly string[]
}

export interface DeviceScoring {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly state: ScoringState
}

export interface ScorerMetrics {
  readonly numTensors: number
  readonly scored: number
  readonly late: number
  readonly devices: number
  readonly backend: string
  readonly simd: boolean
  /** What is wrong with a faster backend that somebody installed. */
  readonly backendProblem: string | undefined
  readonly models: readonly LoadedModel[]
}

/** One slice of the log, scored. */
export interface ScoredSlice {
  readonly position: SourcePosition
  readonly scores: readonly Score[]
  readonly states: readonly DeviceScoring[]
  readonly metrics: ScorerMetrics
}

export type ToScorer =
  | { readonly kind: 'handled' }
  | {
      readonly kind: 'swap'
      readonly call: number
      readonly assetType: string
      readonly folders: ModelFolders
    }
  | { readonly kind: 'history'; readonly batches: readonly ReadingBatch[] }
  | { readonly kind: 'close' }

export type FromScorer =
  | { readonly kind: 'ready'; readonly metrics: ScorerMetrics }
  | { readonly kind: 'scored'; readonly slice: ScoredSlice }
  | { readonly kind: 'needHistory'; readonly sights: readonly FirstSight[] }
  | {
      readonly kind: 'swapped'
      readonly call: number
      readonly metrics: ScorerMetrics
      readonly error?: string
    }
  /** Reading the source failed and is tried again; null: it works again. */
  | { readonly kind: 'problem'; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'closed' }
