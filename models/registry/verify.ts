import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { ForewarnError } from '../../core/errors.ts'
import { checkArtifact } from './artifact.ts'
import type { ModelKind } from './manifest.ts'

export const modelKinds: readonly ModelKind[] = ['forecaster', 'autoencoder']

export interface VerifiedArtifact {
  readonly kind: ModelKind
  readonly hash: string
}

/**
 * Verifies the artifacts of one asset type without loading a backend: `folder` is `<artifacts>/<asset type>`. A type of
 * which no failure was learned has no forecaster. Throws ARTIFACT_MISSING, or ARTIFACT_DAMAGED saying what is wrong.
 */
export async function verifyArtifacts(folder: string): Promise<VerifiedArtifact[]> {
  const assetType = folder.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  const found: VerifiedArtifact[] = []
  for (const kind of modelKinds) {
    const place = join(folder, kind)
    const there = await exists(place)
    if (!there && kind === 'autoencoder') throw new ForewarnError('ARTIFACT_MISSING', { kind, assetType })
    if (there) found.push({ kind, hash: (await checkArtifact(place, assetType, kind)).hash })
  }
  return found
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
