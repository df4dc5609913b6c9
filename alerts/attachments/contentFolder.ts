import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files by the sha256 of their content. */
export interface ContentFolder {
  /** Whole and on disk, or not at all; what is there already is left as it is. */
  put(sha256: string, content: Uint8Array): Promise<void>
  /** Undefined where it is not there. */
  get(sha256: string): Promise<Buffer | undefined>
  remove(sha256: string): Promise<void>
}

/** `folder` is made with the first file. Several processes may share it. */
export function createContentFolder(folder: string): ContentFolder {
  const placeOf = (sha256: string) => join(folder, sha256)
  return {
    async put(sha256, content) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      if (await isThere(placeOf(sha256))) return
      const aside = join(folder, `.${sha256}.${randomUUID()}.partial`)
      try {
        const file = await open(aside, 'wx', 0o600)
        try {
          await file.writeFile(content)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(aside, placeOf(sha256))
      } finally {
        await rm(aside, { force: true })
      }
      await syncFolder(folder)
    },
    get: (sha256) => readFile(placeOf(sha256)).catch(undefinedIfMissing),
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
  }
}

const isThere = async (path: string) => (await stat(path).catch(undefinedIfMissing)) !== undefined

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** The name is on disk, too. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
