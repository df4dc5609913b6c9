import type { Catalogue } from '../../core/catalogue.ts'
import type { LogPosition, ReadingBatch } from '../../core/reading.ts'
import type { Score, ScoringState } from '../../core/score.ts'
import type { FirstSight } from './warmUp.ts'

/** What the scorer's thread is started with. */
export interface ScorerStart {
  readonly catalogue: Catalogue
  readonly logFolder: string
  readonly modelsFolder: string
  /** Reading of the log starts after this position. */
  readonly from: LogPosition
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
  readonly models: readonly { assetType: string; kind: string; hash: string }[]
}

/** One slice of the log, scored. */
export interface ScoredSlice {
  readonly position: LogPosition
  readonly scores: readonly Score[]
  readonly states: readonly DeviceScoring[]
  readonly metrics: ScorerMetrics
}

export type ToScorer =
  | { readonly kind: 'handled' }
  | { readonly kind: 'swap'; readonly call: number; readonly assetType: string; readonly folder: string }
  | { readonly kind: 'history'; readonly batches: readonly ReadingBatch[] }
  | { readonly kind: 'close' }

export type FromScorer =
  | { readonly kind: 'ready'; readonly metrics: ScorerMetrics }
  | { readonly kind: 'scored'; readonly slice: ScoredSlice }
  | { readonly kind: 'needHistory'; readonly sights: readonly FirstSight[] }
  | { readonly kind: 'swapped'; readonly call: number; readonly error?: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'closed' }
