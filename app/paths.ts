import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json, whether this runs from `app/` or, built, from `dist/app/`. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error('Forewarn is not installed whole: package.json is missing')
  return findRoot(parent)
}

export const defaultFolders = {
  catalogue: join(projectRoot, 'catalogue'),
  models: join(projectRoot, 'models', 'artifacts'),
  web: join(projectRoot, 'dist', 'web'),
}
