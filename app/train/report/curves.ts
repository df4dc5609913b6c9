import type { OnProgress, TrainingProgress } from '../../../models/training/trainAsset.ts'

/** Mean loss of every epoch of one network. */
export interface Curve {
  readonly kind: TrainingProgress['kind']
  readonly losses: readonly number[]
}

/** Listens to a training run: one curve a network, in the order in which they trained. Every epoch tells its loss once. */
export function curveCollector(
  epochs: Readonly<Record<TrainingProgress['kind'], number>>,
  onProgress?: OnProgress,
): { readonly onProgress: OnProgress; curves(): readonly Curve[] } {
  const losses: Record<TrainingProgress['kind'], number[]> = { forecaster: [], autoencoder: [] }
  const split = (kind: TrainingProgress['kind']): Curve[] => {
    const all = losses[kind]
    const networks = Math.ceil(all.length / epochs[kind])
    return Array.from({ length: networks }, (_, i) => ({
      kind,
      losses: all.slice(i * epochs[kind], (i + 1) * epochs[kind]),
    }))
  }
  return {
    onProgress: (progress) => {
      losses[progress.kind].push(progress.loss)
      return onProgress?.(progress)
    },
    curves: () => [...split('forecaster'), ...split('autoencoder')],
  }
}
