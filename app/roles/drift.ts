import { join } from 'node:path'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Score } from '../../core/score.ts'
import { type DriftReport, DriftWatch } from '../../models/drift/driftWatch.ts'
import { checkArtifact } from '../../models/registry/artifact.ts'
import type { FoldersByType, ModelFolders } from '../../models/registry/modelFolders.ts'

/** Watches over what the champions of all asset types score. */
export interface DriftWatches {
  /** Scores of champions. */
  take(scores: readonly Score[]): void
  /** Another champion was trained on something else: its watch begins anew; with the same one it goes on. */
  renew(assetType: string, folders: ModelFolders): Promise<void>
  /** Undefined where the champion does not say what it was trained on. */
  report(assetType: string): DriftReport | undefined
}

const checkedDetector = (champion: string, assetType: string) =>
  checkArtifact(join(champion, 'autoencoder'), assetType, 'autoencoder')

export async function watchDrift(catalogue: Catalogue, folders: FoldersByType): Promise<DriftWatches> {
  const watches = new Map<string, { hash: string; watch: DriftWatch }>()

  async function renew(assetType: string, { champion }: ModelFolders): Promise<void> {
    const found = champion === undefined ? undefined : await checkedDetector(champion, assetType)
    if (found?.hash === watches.get(assetType)?.hash) return
    watches.delete(assetType)
    const reference = found?.manifest.reference
    if (reference) watches.set(assetType, { hash: found.hash, watch: new DriftWatch(reference) })
  }

  for (const type of catalogue.keys()) await renew(type, folders[type] ?? { champion: undefined })
  return {
    take(scores) {
      for (const score of scores) watches.get(score.assetType)?.watch.take(score)
    },
    renew,
    report: (assetType) => watches.get(assetType)?.watch.report(),
  }
}
