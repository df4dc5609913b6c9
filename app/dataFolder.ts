import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { makeFolder } from '../ingest/durableFolder.ts'
import { lockFile } from './lockFile.ts'

/** Less than this and a group commit could fail soon after the start. */
const leastFreeBytes = 64 * 1024 ** 2

/** Lies in a data folder while a restore fills it; one that ended half-way leaves it there. */
export const restoringMark = 'restoring'

/** A data folder held by this process alone. */
export interface HeldFolder {
  readonly folder: string
  release(): void
}

/**
 * Makes the folder, tries a write, and takes its lock: two processes on one folder would destroy each other's rows.
 * Throws DATA_FOLDER_UNUSABLE, also where a restore ended half-way, or DATA_FOLDER_LOCKED.
 */
export function holdDataFolder(folder: string): HeldFolder {
  if (existsSync(join(folder, restoringMark))) {
    const problem = 'a restore into it did not come to its end; empty it and restore again'
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem })
  }
  return takeDataFolder(folder)
}

/** The same for the restore itself. */
export function takeDataFolder(folder: string): HeldFolder {
  tryFolder(folder)
  return { folder, release: lockFile(folder, join(folder, 'forewarn.pid')) }
}

/** Throws DATA_FOLDER_UNUSABLE where the folder cannot be made, written to, or is nearly full. */
export function tryFolder(folder: string): void {
  try {
    makeFolder(folder)
    const probe = join(folder, `.probe-${process.pid}`)
    writeFileSync(probe, 'probe')
    rmSync(probe)
  } catch (error) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(error) }, error)
  }
  const free = freeBytes(folder)
  if (free < leastFreeBytes) {
    const problem = `only ${Math.floor(free / 1024 ** 2)} MB are free on its disk`
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem })
  }
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
