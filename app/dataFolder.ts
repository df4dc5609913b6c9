import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ForewarnError, messageOf } from '../core/errors.ts'

/** Less than this and a group commit could fail soon after the start. */
const leastFreeBytes = 64 * 1024 ** 2

/** A data folder held by this process alone. */
export interface HeldFolder {
  readonly folder: string
  release(): void
}

/**
 * Makes the folder, tries a write, and takes its lock: two processes on one folder would destroy each other's rows.
 * Throws DATA_FOLDER_UNUSABLE or DATA_FOLDER_LOCKED.
 */
export function holdDataFolder(folder: string): HeldFolder {
  tryFolder(folder)
  const lock = join(folder, 'forewarn.pid')
  takeLock(folder, lock)
  return { folder, release: () => rmSync(lock, { force: true }) }
}

/** Throws DATA_FOLDER_UNUSABLE where the folder cannot be made, written to, or is nearly full. */
export function tryFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
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

function takeLock(folder: string, lock: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(error) }, error)
    }
    const pid = Number(readFileSync(lock, 'utf8'))
    if (pid !== process.pid && isRunning(pid)) throw new ForewarnError('DATA_FOLDER_LOCKED', { folder, pid })
    rmSync(lock, { force: true })
    takeLock(folder, lock)
  }
}

/** Signal 0 only asks; a process id that was taken over by a stranger counts as running, which errs on the safe side. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
