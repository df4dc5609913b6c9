import { copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../core/clock.ts'
import { ForewarnError } from '../../../core/errors.ts'
import { assertDecision, type ModelDecision, type ModelVersion, standingAfter } from '../../../core/model.ts'
import type { ModelRegistry, NewDecision } from '../../../core/ports.ts'
import { exists } from '../verify.ts'
import { checkVersion } from './checkVersion.ts'
import { appendToJournal, readJournal } from './journal.ts'

export interface FileRegistryParts {
  /** Gets `<asset type>/journal.jsonl` and one folder a version. */
  readonly folder: string
  /** Holds `<asset type>/<kind>`: in force where nothing else was ever promoted. */
  readonly baseFolder: string
  readonly clock: Clock
}

/** What training says of a version, kept with it where there is one. */
const reportName = 'report.html'

/** Characters of the hash that name a version's folder. */
const nameLength = 16

/**
 * The registry in a folder, which the processes of an installation may share. A version is written beside its place and
 * then renamed into it, so that it is there whole or not at all; nothing in it is ever changed.
 */
export function createFileRegistry({ folder, baseFolder, clock }: FileRegistryParts): ModelRegistry {
  const journalOf = (assetType: string) => join(folder, assetType, 'journal.jsonl')
  const placeOf = (assetType: string, hash: string) => join(folder, assetType, hash.slice(0, nameLength))

  async function baseOf(assetType: string): Promise<ModelVersion | undefined> {
    try {
      return await checkVersion(join(baseFolder, assetType), assetType)
    } catch (error) {
      if (error instanceof ForewarnError && error.code === 'ARTIFACT_MISSING') return undefined
      throw error
    }
  }

  async function standing(assetType: string) {
    const decisions = await readJournal(journalOf(assetType))
    return { decisions, ...standingAfter(decisions, (await baseOf(assetType))?.hash ?? null) }
  }

  async function versions(assetType: string): Promise<ModelVersion[]> {
    const base = await baseOf(assetType)
    const decisions = await readJournal(journalOf(assetType))
    const hashes = decisions.filter(({ action }) => action === 'registered').map(({ hash }) => hash)
    const registered = await Promise.all(
      hashes.map((hash) => checkVersion(placeOf(assetType, hash), assetType)),
    )
    return base && !hashes.includes(base.hash) ? [base, ...registered] : registered
  }

  async function folderOf(assetType: string, hash: string): Promise<string> {
    const place = placeOf(assetType, hash)
    if (await exists(place)) return place
    if ((await baseOf(assetType))?.hash === hash) return join(baseFolder, assetType)
    throw new ForewarnError('MODEL_UNKNOWN', { model: hash.slice(0, 12), assetType })
  }

  /** Writes the decision under the next number; throws MODEL_STALE where another one has that number. */
  async function append(assetType: string, decision: Omit<ModelDecision, 'number'>): Promise<ModelDecision> {
    const file = journalOf(assetType)
    const numbered = { number: (await readJournal(file)).length + 1, ...decision }
    await appendToJournal(file, numbered)
    const written = (await readJournal(file))[numbered.number - 1]
    if (isDeepStrictEqual(written, numbered)) return numbered
    throw new ForewarnError('MODEL_STALE', { assetType })
  }

  async function register(
    assetType: string,
    from: string,
    by: { actor: string; reason: string },
  ): Promise<ModelVersion> {
    const version = await checkVersion(from, assetType)
    const place = placeOf(assetType, version.hash)
    if (!(await exists(place))) await copyWhole(from, place, version.kinds)
    const { champion, decisions } = await standing(assetType)
    const known = decisions.some(({ action, hash }) => action === 'registered' && hash === version.hash)
    if (!known)
      await append(assetType, {
        at: clock.now(),
        ...by,
        action: 'registered',
        hash: version.hash,
        before: champion,
      })
    return version
  }

  async function decide(assetType: string, decision: NewDecision): Promise<ModelDecision> {
    const now = await standing(assetType)
    const hash = decision.action === 'rolled_back' ? (now.replaced.at(-1) ?? '') : (decision.hash ?? '')
    assertDecision(decision.action, hash, now)
    await folderOf(assetType, hash)
    const { actor, reason, figures, action } = decision
    return append(assetType, {
      at: clock.now(),
      actor,
      action,
      hash,
      before: now.champion,
      reason,
      ...(figures && { figures }),
    })
  }

  return {
    versions,
    folderOf,
    register,
    decide,
    decisions: (assetType) => readJournal(journalOf(assetType)),
    async inForce(assetType) {
      const { champion, challenger } = await standing(assetType)
      return { champion, challenger }
    },
  }
}

/** Another process may copy the same version at the same time: then the one that is there first stays. */
async function copyWhole(from: string, place: string, kinds: readonly string[]): Promise<void> {
  const making = `${place}.new-${process.pid}`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { recursive: true })
  for (const kind of kinds) await copyKind(join(from, kind), join(making, kind))
  await copyFile(join(from, reportName), join(making, reportName)).catch(() => undefined)
  try {
    await rename(making, place)
    await sync(dirname(place))
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    if ((await readdir(place).catch(() => [])).length === 0) throw error
  }
}

/** On disk when it resolves: the journal must not name what a power cut took away. */
async function copyKind(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const name of await readdir(from)) {
    await copyFile(join(from, name), join(to, name))
    await sync(join(to, name))
  }
  await sync(to)
}

async function sync(path: string): Promise<void> {
  // Windows can neither open folders nor sync what is open for reading only.
  if (process.platform === 'win32') return
  const handle = await open(path)
  await handle.sync().finally(() => handle.close())
}
