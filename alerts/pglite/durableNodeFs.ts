import fs from 'node:fs'
import path from 'node:path'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** Emscripten's view of an open file, and the table of its file operations. */
interface NodeStream {
  readonly nfd: number
}
interface NodeFsModule {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: NodeStream) => number } }
}

/** POSIX EIO as Emscripten (WASI) numbers it. */
const EIO = 29

function fsync(stream: NodeStream): number {
  try {
    fs.fsyncSync(stream.nfd)
    return 0
  } catch {
    return EIO
  }
}

/**
 * PGlite's file system on a folder, with an fsync that reaches the disk: the one it comes with does nothing, so a
 * power loss would take commits with it. `fdatasync` stays without effect, hence `wal_sync_method=fsync`.
 */
export class DurableNodeFs extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>) {
    const { emscriptenOpts } = await super.init(pg, options)
    const preRun = [...(emscriptenOpts.preRun ?? []), addFsync] as NonNullable<typeof emscriptenOpts.preRun>
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
}

function addFsync(module: unknown) {
  ;(module as NodeFsModule).NODEFS.stream_ops.fsync = fsync
}

/** Brings every file and folder under `folder` to disk. */
export function syncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) syncTree(place)
    else syncPath(place)
  }
  syncPath(folder)
}

/** Brings one file, or the names in one folder, to disk. */
export function syncPath(place: string): void {
  // Windows can neither open folders nor sync what is open for reading only.
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(place, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
