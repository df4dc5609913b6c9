import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A disk of its own, in memory, that can be filled up and emptied while a process works on it. It is mounted in a mount
 * namespace, with a user namespace around it where we are not root: no rights are needed, nothing is left behind, and
 * whoever wants to work on it is started `through` nsenter.
 */
export interface SmallDisk {
  /** The folder as a process that was started `through` sees it. */
  readonly folder: string
  /** The same folder as seen from here. */
  readonly outside: string
  readonly through: readonly string[]
  /** Takes all the room that is left. */
  fill(): void
  empty(): void
  close(): void
}

const isRoot = process.getuid?.() === 0
const ownMounts = isRoot ? ['--mount'] : ['--mount', '--user', '--map-root-user']

/** Mounts one; undefined where this system lets nobody but root do so. */
export async function makeSmallDisk(folder: string, megabytes: number): Promise<SmallDisk | undefined> {
  mkdirSync(folder, { recursive: true })
  // `cat` keeps the namespace until this process closes its stdin, or ends
  const script = 'mount -t tmpfs -o "size=$1m,mode=0777" tmpfs "$0" && echo mounted && exec cat >/dev/null'
  const keeper = spawn('unshare', [...ownMounts, 'sh', '-c', script, folder, String(megabytes)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  keeper.on('error', () => undefined)
  const mounted = once(keeper.stdout, 'data').then(() => true)
  const failed = new Promise<false>((resolve) => keeper.once('close', () => resolve(false)))
  if (!(await Promise.race([mounted, failed]))) return undefined
  const outside = `/proc/${keeper.pid}/root${folder}`
  const ballast = join(outside, 'ballast')
  const into = isRoot ? ['--mount'] : ['--user', '--mount', '--preserve-credentials']
  return {
    folder,
    outside,
    through: ['nsenter', '--target', String(keeper.pid), ...into, '--'],
    fill: () => fill(ballast),
    empty: () => rmSync(ballast, { force: true }),
    close: () => {
      keeper.stdin.end()
    },
  }
}

/** To the last byte. */
function fill(ballast: string): void {
  const file = openSync(ballast, 'a')
  try {
    for (const bytes of [1024 ** 2, 4096, 1]) writeUntilFull(file, Buffer.alloc(bytes))
  } finally {
    closeSync(file)
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

/** The size that a file of process `pid` may have, bytes; 0 makes its disk refuse every write (EFBIG). */
export function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { stdio: 'pipe' })
}

/** A folder as a process sees it that may not write to it: a mount of its own, read-only. */
export const readOnlyView = {
  isPossible: (): boolean => spawnSync('unshare', [...ownMounts, 'true'], { stdio: 'ignore' }).status === 0,
  through: (folder: string): string[] => {
    const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ['unshare', ...ownMounts, 'sh', '-c', script, folder]
  },
}
