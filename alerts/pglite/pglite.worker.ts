import fs from 'node:fs'
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { messageOf } from '../../core/errors.ts'
import { tellHeap } from '../../core/threadHeap.ts'
import { DurableNodeFs, syncPath, syncTree } from './durableNodeFs.ts'

/** From the worker; the answer to a unit is sent as bare bytes. To the worker: units, and `null` to close. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'closed' }

const port = parentPort!
const { folder, heap } = workerData as { folder: string; heap: SharedArrayBuffer }
tellHeap(heap)
const report = (message: WorkerReport) => port.postMessage(message)

/** PGlite's own parameters without `-F`, which turns fsync off, and with BullMQ's schema in the search path. */
const startParams = [
  ...PGlite.defaultStartParams
    .filter((parameter) => parameter !== '-F')
    .map((parameter) => (parameter.startsWith('search_path=') ? 'search_path=bullmq' : parameter)),
  ...['-c', 'wal_sync_method=fsync'],
]

let lastWords = ''

/** After a PANIC the engine is lost, and PGlite would call it again for ever: the thread ends instead. */
function onStderr(text: string): boolean {
  if (/\b(PANIC|FATAL|ERROR):/.test(text)) lastWords = text.replace(/^.*?\b(PANIC|FATAL|ERROR):\s*/, '')
  if (/\bPANIC:|^Aborted/.test(text)) fail(lastWords || text)
  return false
}

function fail(problem: string): never {
  // The engine sees its folder under a name of its own.
  report({ kind: 'failed', problem: problem.replaceAll('/pglite/data', folder) })
  process.exit(1)
}

/** Emscripten's file system errors are no Errors; what a full or locked disk says, by its (WASI) errno. */
const diskProblems: Readonly<Record<number, string>> = {
  2: 'permission denied',
  19: 'disk quota exceeded',
  29: 'input/output error',
  33: 'too many open files',
  51: 'no space left on device',
  69: 'read-only file system',
}

function describe(reason: unknown): string {
  const errno = (reason as { errno?: unknown }).errno
  if (reason instanceof Error || typeof errno !== 'number') return messageOf(reason)
  return diskProblems[errno] ?? `file system error ${errno}`
}

const start = (place: string) => PGlite.create({ fs: new DurableNodeFs(place), startParams, onStderr })

/** Made aside and renamed when complete, so that an interrupted first start leaves nothing half-made behind. */
async function create() {
  const aside = `${folder}.new`
  const remove = () => fs.rmSync(aside, { recursive: true, force: true })
  remove()
  try {
    await (await start(aside)).close()
    fs.chmodSync(aside, 0o700)
    syncTree(aside)
    fs.renameSync(aside, folder)
    syncPath(path.dirname(folder))
  } catch (reason) {
    remove()
    throw reason
  }
}

async function openOrCreate(): Promise<PGlite> {
  if (!fs.existsSync(folder)) await create()
  // PGlite would make a new database in a folder that lost this file.
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) fail(`there is no database in ${folder}`)
  return start(folder)
}

/** Runs one unit of the wire protocol; its answer is copied out of the engine's memory piece by piece. */
async function answer(pglite: PGlite, unit: Uint8Array) {
  const pieces: Uint8Array[] = []
  await pglite.execProtocolRawStream(unit, { onRawData: (bytes) => pieces.push(bytes.slice()) })
  const bytes = pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces))
  port.postMessage(bytes, [bytes.buffer as ArrayBuffer])
}

async function close(pglite: PGlite) {
  await pglite.close()
  report({ kind: 'closed' })
  port.close()
}

try {
  const pglite = await openOrCreate()
  port.on('message', (unit: Uint8Array | null) => {
    const work = unit === null ? close(pglite) : answer(pglite, unit)
    work.catch((reason) => fail(describe(reason)))
  })
  report({ kind: 'ready' })
} catch (reason) {
  fail(lastWords || describe(reason))
}
