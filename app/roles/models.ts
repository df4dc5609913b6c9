import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { ModelRegistry } from '../../core/ports.ts'
import type { FoldersByType, ModelFolders } from '../../models/registry/modelFolders.ts'
import { checkVersion } from '../../models/registry/versions/checkVersion.ts'
import { createFileRegistry } from '../../models/registry/versions/fileRegistry.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { defaultFolders } from '../paths.ts'

/** Where versions are kept, and where the models lie that are in force until another one is promoted. */
export const modelPlaces = ({ models, data }: Pick<Config, 'models' | 'data'>) => ({
  folder: models.folder === '' ? join(resolve(data.folder), 'models') : resolve(models.folder),
  baseFolder: models.folder === '' ? defaultFolders.models : resolve(models.folder),
})

export const openModelRegistry = ({ config, clock }: Pick<Around, 'config' | 'clock'>): ModelRegistry =>
  createFileRegistry({ ...modelPlaces(config), clock })

/** The models that are in force, as the scorer takes them. */
export interface ModelsInUse {
  readonly registry: ModelRegistry
  readonly folders: FoldersByType
  /** Looks every two seconds whether another version is in force, until the process closes. */
  follow(swap: (assetType: string, folders: ModelFolders) => Promise<void>): void
  /** Looks now, at the artifacts themselves as well. Throws what `swap` throws. */
  reload(swap: (assetType: string, folders: ModelFolders) => Promise<void>): Promise<void>
}

/**
 * Finds the models in force, and keeps a copy of each in the registry: a ticket must be explicable long after an upgrade
 * brought other models along. Throws ARTIFACT_DAMAGED, MODEL_REGISTRY_DAMAGED.
 */
export async function openModels(around: Around): Promise<ModelsInUse> {
  const { config, catalogue, clock, closers, logger } = around
  const registry = openModelRegistry(around)
  const { folder } = modelPlaces(config)
  const types = [...catalogue.keys()]
  const seen = new Map<string, string>()
  /** Hashes in force, by asset type. */
  const used = new Map<string, string>()
  const folders: Record<string, ModelFolders> = {}
  for (const type of types) {
    seen.set(type, revisionOf(folder, type))
    used.set(type, await hashes(type))
    folders[type] = await inForce(type)
  }

  async function inForce(type: string): Promise<ModelFolders> {
    const { champion, challenger } = await registry.inForce(type)
    return {
      champion: champion === null ? undefined : await keptFolder(type, champion),
      challenger: challenger === null ? undefined : await soundFolder(type, challenger),
    }
  }

  async function keptFolder(type: string, hash: string): Promise<string> {
    const found = await registry.folderOf(type, hash)
    try {
      await registry.register(type, found, { actor: 'forewarn', reason: 'in force at the start' })
    } catch (error) {
      // A folder that is mounted read-only is no reason not to score.
      if (error instanceof ForewarnError) throw error
      logger.warn(
        { folder, problem: messageOf(error) },
        'no copy of the model is kept: its tickets cannot be explained later',
      )
    }
    return registry.folderOf(type, hash)
  }

  /** A challenger that cannot be loaded must not keep the champion from scoring. */
  async function soundFolder(type: string, hash: string): Promise<string | undefined> {
    try {
      const place = await registry.folderOf(type, hash)
      await checkVersion(place, type)
      return place
    } catch (error) {
      logger.warn({ assetType: type, problem: messageOf(error) }, 'the challenger does not score')
      return undefined
    }
  }

  async function hashes(type: string): Promise<string> {
    const { champion, challenger } = await registry.inForce(type)
    return `${champion} ${challenger}`
  }

  async function look(type: string, swap: (type: string, folders: ModelFolders) => Promise<void>) {
    const now = await hashes(type)
    await swap(type, await inForce(type))
    used.set(type, now)
    logger.info({ assetType: type, ...(await registry.inForce(type)) }, 'models in force')
  }

  return {
    registry,
    folders,
    follow(swap) {
      const rounds = every(
        2_000,
        async () => {
          for (const type of types) {
            const revision = revisionOf(folder, type)
            if (revision === seen.get(type)) continue
            // Not every decision puts another model in force: versions are registered, too.
            if ((await hashes(type)) !== used.get(type)) await look(type, swap)
            seen.set(type, revision)
          }
        },
        clock,
        (error) => logger.error({ err: error }, 'the models stay as they were'),
      )
      closers.add('models in force', () => rounds.stop())
    },
    async reload(swap) {
      for (const type of types) await look(type, swap)
    },
  }
}

/** Changes whenever a decision is written. */
function revisionOf(folder: string, assetType: string): string {
  const found = statSync(join(folder, assetType, 'journal.jsonl'), { throwIfNoEntry: false })
  return found ? `${found.size} ${found.mtimeMs}` : ''
}
