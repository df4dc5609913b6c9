import type { ModelVersion } from '../../core/model.ts'
import type { ModelRegistry } from '../../core/ports.ts'

/** What became of a model that was just trained. */
export interface Entered {
  readonly version: ModelVersion
  /** `unchanged`: the very same model was in force, or challenged, before. */
  readonly role: 'champion' | 'challenger' | 'unchanged'
  /** Where it is kept from now on. */
  readonly folder: string
}

/**
 * Registers what was trained. The first model of an asset type is in force at once; a later one scores in the shadow
 * until it has proved better. Throws what the registry throws.
 */
export async function enterVersion(
  registry: ModelRegistry,
  assetType: string,
  from: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<Entered> {
  const version = await registry.register(assetType, from, by)
  const { hash } = version
  const folder = await registry.folderOf(assetType, hash)
  const { champion, challenger } = await registry.inForce(assetType)
  if (hash === champion || hash === challenger) return { version, role: 'unchanged', folder }
  const action = champion === null ? 'promoted' : 'challenged'
  await registry.decide(assetType, { action, hash, ...by })
  return { version, role: champion === null ? 'champion' : 'challenger', folder }
}
