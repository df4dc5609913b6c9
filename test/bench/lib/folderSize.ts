import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Size of all files in a folder and those in it, MB; files that vanish meanwhile do not count. */
export function folderMb(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const bytes = files.reduce(
    (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
  return Math.round(bytes / 1e6)
}
