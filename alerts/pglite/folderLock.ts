import fs from 'node:fs'
import path from 'node:path'
import { ForewarnError } from '../../core/errors.ts'

/** Locks held by this process, whichever copy of this module asks. */
const shared = globalThis as { forewarnLocks?: Set<string> }
shared.forewarnLocks ??= new Set()
const held = shared.forewarnLocks

/**
 * When a process was started, in clock ticks since boot, where the system tells (Linux, field 22 of
 * `/proc/<pid>/stat`, see proc(5)); so that a pid that was given to another process is not taken for the old one.
 */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const mark = () => `${process.pid} ${startOf(process.pid)}\n`

/** The process behind a lock's content, undefined when it is gone. */
function ownerOf(file: string, content: string): number | undefined {
  const [pid, start] = content.trim().split(' ')
  const id = Number(pid)
  if (!Number.isInteger(id) || id <= 0) return undefined
  if (id === process.pid) return held.has(file) ? id : undefined
  if (!isAlive(id)) return undefined
  return start && startOf(id) && start !== startOf(id) ? undefined : id
}

function tryCreate(file: string): boolean {
  // Written aside and linked, so that nobody ever reads a lock without its content.
  const aside = `${file}.${process.pid}`
  fs.writeFileSync(aside, mark())
  try {
    fs.linkSync(aside, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    fs.rmSync(aside, { force: true })
  }
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Moves a dead process's lock out of the way; whoever took the place meanwhile gets it back. */
function clear(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`
  try {
    fs.renameSync(file, aside)
    if (read(aside) !== stale) fs.linkSync(aside, file)
  } catch {
    // Somebody else was faster: the next look at the lock tells.
  }
  fs.rmSync(aside, { force: true })
}

/**
 * Takes a lock file against a second process; a lock whose process is gone is taken over. Returns the way to give it
 * back. Throws DATA_FOLDER_LOCKED, and the plain file system error where the file cannot be written.
 */
export function lockFolder(lockFile: string): () => void {
  const file = path.resolve(lockFile)
  for (;;) {
    if (tryCreate(file)) break
    const content = read(file)
    if (content === undefined) continue
    const pid = ownerOf(file, content)
    if (pid !== undefined) throw new ForewarnError('DATA_FOLDER_LOCKED', { folder: path.dirname(file), pid })
    clear(file, content)
  }
  held.add(file)
  return () => {
    held.delete(file)
    fs.rmSync(file, { force: true })
  }
}
