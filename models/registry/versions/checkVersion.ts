import { join } from 'node:path'
import { ForewarnError } from '../../../core/errors.ts'
import type { ModelVersion } from '../../../core/model.ts'
import { type CheckedArtifact, checkArtifact } from '../artifact.ts'
import { exists, modelKinds } from '../verify.ts'
import { sha256 } from '../weights.ts'

/** sha256 over the hashes of a model's artifacts, in the order of `modelKinds`. */
export const modelHash = (artifacts: readonly { readonly hash: string }[]): string =>
  sha256(artifacts.map(({ hash }) => hash).join(''))

/**
 * Verifies what lies in `folder` and says what it is, without a backend. Throws ARTIFACT_MISSING where nothing lies
 * there, ARTIFACT_DAMAGED.
 */
export async function checkVersion(folder: string, assetType: string): Promise<ModelVersion> {
  const found: CheckedArtifact[] = []
  for (const kind of modelKinds) {
    const place = join(folder, kind)
    if (await exists(place)) found.push(await checkArtifact(place, assetType, kind))
  }
  const [first] = found
  if (!first) throw new ForewarnError('ARTIFACT_MISSING', { kind: 'model', assetType })
  const { trainedAt, seed, data } = first.manifest
  return {
    assetType,
    hash: modelHash(found),
    kinds: found.map(({ manifest }) => manifest.kind),
    trainedAt,
    seed,
    data,
    metrics: Object.assign({}, ...found.map(({ manifest }) => manifest.metrics)),
  }
}
