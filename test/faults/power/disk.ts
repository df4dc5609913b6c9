import fs from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../../edge/simulator/random.ts'

/*
 * The picture that powercut.c keeps of a folder, before and after. Contents and names lie by inode, so that a name
 * which was moved without a sync leads to what it led to before.
 */

/** What of the unsynced survives: nothing, or by the draw of a seed each 4 KiB page and the names as a whole. */
export type Survival = 'synced only' | { readonly seed: number }

export interface PowerOptions {
  /** The built library. */
  readonly library: string
  /** How long every sync takes, ms. */
  readonly syncMs?: number
  /** How long every write to a file opened for synchronous writing takes, ms; by default as long as a sync. */
  readonly writeMs?: number
  /** The number of the sync that has no effect: the process is killed in it. */
  readonly cutAtSync?: number
}

const diskOf = (folder: string) => `${folder}.disk`

/** Takes the first picture: what lies there now is on disk. Returns the environment of the process to come. */
export function plugIn(folder: string, options: PowerOptions): Record<string, string> {
  const disk = diskOf(folder)
  fs.rmSync(disk, { recursive: true, force: true })
  for (const kind of ['data', 'names']) fs.mkdirSync(join(disk, kind), { recursive: true })
  takePicture(folder, disk)
  return {
    LD_PRELOAD: options.library,
    POWER_FOLDER: fs.realpathSync(folder),
    POWER_DISK: disk,
    POWER_SYNC_MS: String(options.syncMs ?? 0),
    POWER_WRITE_MS: String(options.writeMs ?? options.syncMs ?? 0),
    POWER_CUT_AT_SYNC: String(options.cutAtSync ?? 0),
    UV_USE_IO_URING: '0',
  }
}

function takePicture(folder: string, disk: string): void {
  const lines = names(folder).map(({ name, path, isFolder, inode }) => {
    if (isFolder) takePicture(path, disk)
    else fs.copyFileSync(path, join(disk, 'data', inode))
    return `${inode} ${isFolder ? 'd' : 'f'} ${name}\n`
  })
  fs.writeFileSync(join(disk, 'names', inodeOf(folder)), lines.join(''))
}

/** The power is back, and the process that had it is gone: the folder becomes what survived. */
export function powerBack(folder: string, survival: Survival = 'synced only'): void {
  const back = `${folder}.back`
  const picture = new Picture(folder, survival)
  picture.restore(inodeOf(folder), back)
  for (const gone of [folder, diskOf(folder)]) fs.rmSync(gone, { recursive: true })
  fs.renameSync(back, folder)
}

interface Name {
  readonly name: string
  readonly isFolder: boolean
  readonly inode: string
}

const pageBytes = 4096

class Picture {
  private readonly disk: string
  /** Where the kernel has what an inode held when the process ended. */
  private readonly cached = new Map<string, string>()
  private readonly survives: (() => boolean) | undefined
  private readonly cachedNames: boolean

  constructor(folder: string, survival: Survival) {
    this.disk = diskOf(folder)
    if (survival !== 'synced only') {
      const random = createRandom(survival.seed)
      this.survives = () => random.next() < 0.5
    }
    // A journal holds the changes of names in order: of two related ones, as in a rename, one alone cannot be missing.
    this.cachedNames = this.survives?.() ?? false
    this.see(folder)
  }

  restore(inode: string, to: string): void {
    fs.mkdirSync(to, { mode: this.modeOf(inode, 0o700) })
    for (const entry of this.namesIn(inode)) {
      const path = join(to, entry.name)
      if (entry.isFolder) this.restore(entry.inode, path)
      else fs.writeFileSync(path, this.content(entry.inode), { mode: this.modeOf(entry.inode, 0o600) })
    }
  }

  private see(folder: string): void {
    this.cached.set(inodeOf(folder), folder)
    for (const { path, isFolder, inode } of names(folder)) {
      if (isFolder) this.see(path)
      else this.cached.set(inode, path)
    }
  }

  private namesIn(inode: string): readonly Name[] {
    const folder = this.cached.get(inode)
    if (this.cachedNames && folder !== undefined) return names(folder)
    return (this.read('names', inode) ?? '').toString().split('\n').filter(Boolean).map(parseName)
  }

  /** A name may be on disk when nothing of its file is: then the file is empty. */
  private content(inode: string): Buffer {
    const synced = this.read('data', inode) ?? Buffer.alloc(0)
    const path = this.cached.get(inode)
    if (!this.survives || path === undefined) return synced
    return this.mix(synced, fs.readFileSync(path))
  }

  private mix(synced: Buffer, cached: Buffer): Buffer {
    const longest = Math.max(synced.length, cached.length)
    const mixed = Buffer.alloc(longest)
    let length = synced.length <= cached.length || !this.survives!() ? synced.length : cached.length
    for (let at = 0; at < longest; at += pageBytes) {
      const isCached = this.survives!() && at < cached.length
      const page = (isCached ? cached : synced).subarray(at, at + pageBytes)
      page.copy(mixed, at)
      if (isCached) length = Math.max(length, at + page.length)
    }
    return mixed.subarray(0, length)
  }

  private read(kind: 'data' | 'names', inode: string): Buffer | undefined {
    const path = join(this.disk, kind, inode)
    return fs.existsSync(path) ? fs.readFileSync(path) : undefined
  }

  private modeOf(inode: string, otherwise: number): number {
    const path = this.cached.get(inode)
    return path === undefined ? otherwise : fs.statSync(path).mode & 0o777
  }
}

const inodeOf = (path: string): string => fs.lstatSync(path, { bigint: true }).ino.toString()

const names = (folder: string) =>
  fs.readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name)
    return { name: entry.name, path, isFolder: entry.isDirectory(), inode: inodeOf(path) }
  })

/** `<inode> <d|f> <name>` */
function parseName(line: string): Name {
  const [, inode, kind, name] = /^(\d+) ([df]) (.*)$/.exec(line)!
  return { name: name!, isFolder: kind === 'd', inode: inode! }
}
