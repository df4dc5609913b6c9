import { join } from 'node:path'

/** Where the models of one asset type lie; undefined where there is none. */
export interface ModelFolders {
  /** Its scores count. */
  readonly champion: string | undefined
  /** Scores the same windows in the shadow. */
  readonly challenger?: string | undefined
}

/** By asset type. */
export type FoldersByType = Readonly<Record<string, ModelFolders>>

/** A folder with one model an asset type, `<root>/<asset type>/<kind>`, and no challenger. */
export const plainFolders = (root: string, assetTypes: Iterable<string>): FoldersByType =>
  Object.fromEntries([...assetTypes].map((type) => [type, { champion: join(root, type) }]))
