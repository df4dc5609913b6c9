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
  /** Another champion was trained on something else: its watch begins anew. */
  renew(assetType: string, folders: ModelFolders): Promise<void>
  /** Undefined where the champion does not say what it was trained on. */
  report(assetType: string): DriftReport | undefined
}

export async function watchDrift(catalogue: Catalogue, folders: FoldersByType): Promise<DriftWatches> {
  const watches = new Map<string, DriftWatch>()

  async function renew(assetType: string, { champion }: ModelFolders): Promise<void> {
    watches.delete(assetType)
    if (champion === undefined) return
    const { manifest } = await checkArtifact(join(champion, 'autoencoder'), assetType, 'autoencoder')
    if (manifest.reference) watches.set(assetType, new DriftWatch(manifest.reference))
  }

  for (const type of catalogue.keys()) await renew(type, folders[type] ?? { champion: undefined })
  return {
    take(scores) {
      for (const score of scores) watches.get(score.assetType)?.take(score)
    },
    renew,
    report: (assetType) => watches.get(assetType)?.report(),
  }
}
