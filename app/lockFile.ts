import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { ForewarnError, messageOf } from '../core/errors.ts'

/** How often a holder touches its lock, and after how long without a touch another machine's counts as left behind. */
const beatMs = 5_000
const staleMs = 30_000

/**
 * Takes a lock file; returns the way to give it back. A holder on this machine is asked for by its process id. One on
 * another machine, or in another container, cannot be asked (there every process is number 1): it lives while it touches
 * its lock. Throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE.
 */
export function lockFile(folder: string, lock: string, host = hostname()): () => void {
  while (!create(folder, lock, host)) {
    const holder = holderOf(lock)
    if (holder && isHeld(holder, host)) {
      const pid = holder.host === host ? holder.pid : `${holder.pid} on ${holder.host}`
      throw new ForewarnError('DATA_FOLDER_LOCKED', { folder, pid })
    }
    rmSync(lock, { force: true })
  }
  const beat = setInterval(() => touch(lock), beatMs).unref()
  return () => {
    clearInterval(beat)
    rmSync(lock, { force: true })
  }
}

function create(folder: string, lock: string, host: string): boolean {
  try {
    writeFileSync(lock, `${process.pid} ${host}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(error) }, error)
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly touched: number
}

/** Undefined when the lock has gone meanwhile. A lock of an older version names no host: it is of this one. */
function holderOf(lock: string): Holder | undefined {
  try {
    const [pid, host = hostname()] = readFileSync(lock, 'utf8').trim().split(' ')
    return { pid: Number(pid), host, touched: statSync(lock).mtimeMs }
  } catch {
    return undefined
  }
}

function isHeld({ pid, host, touched }: Holder, own: string): boolean {
  if (host !== own) return Date.now() - touched < staleMs
  return pid !== process.pid && isRunning(pid)
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

function touch(lock: string): void {
  const now = new Date()
  try {
    utimesSync(lock, now, now)
  } catch {
    // the folder is being taken away or its disk fails: the log says so
  }
}
