import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/*
 * `npm run dashboards`: renders dashboards/*.jsonnet into dashboards/rendered and notes the checksums of the sources
 * and of what was made of them. The library comes into the untracked folder dashboards/vendor by `jb install` (or by
 * hand, at the commits that jsonnetfile.json names).
 */
const folder = fileURLToPath(new URL('../dashboards', import.meta.url))
const vendor = join(folder, 'vendor')
const checksumFile = join(folder, 'rendered', 'SHA256SUMS')

export const dashboardNames = ['fleet', 'device', 'model', 'pipeline'] as const
export type DashboardName = (typeof dashboardNames)[number]

const renderedFile = (name: DashboardName) => join(folder, 'rendered', `${name}.json`)

/** As it is committed. */
export const rendered = (name: DashboardName): string => readFileSync(renderedFile(name), 'utf8')

/** Why nothing can be rendered on this machine; undefined where it can. */
export function missingForRendering(): string | undefined {
  if (spawnSync('jsonnet', ['--version']).error) return 'jsonnet is not installed: apt-get install jsonnet'
  const library = join(vendor, 'github.com/grafana/grafonnet/gen/grafonnet-v11.4.0/main.libsonnet')
  if (!existsSync(library))
    return 'dashboards/vendor has no grafonnet: run `jb install` in dashboards (jsonnet-bundler)'
  return undefined
}

/** Renders anew, which takes a second or two. Throws with jsonnet's own words. */
export function render(name: DashboardName): string {
  const done = spawnSync('jsonnet', ['-J', vendor, join(folder, `${name}.jsonnet`)], { encoding: 'utf8' })
  if (done.status !== 0)
    throw new Error(`${name}.jsonnet: ${done.stderr || done.error?.message || 'not rendered'}`)
  return done.stdout
}

/** The committed list, as `sha256sum -c rendered/SHA256SUMS` in dashboards/ reads it. */
export const notedChecksums = (): string => readFileSync(checksumFile, 'utf8')

/** The same list for the files as they are. */
export function checksums(): string {
  const files = ['.', 'panels', 'queries', 'rendered'].flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((file) => /\.(jsonnet|libsonnet|json)$/.test(file))
      .map((file) => (part === '.' ? file : `${part}/${file}`)),
  )
  return `${files
    .filter((file) => file !== 'jsonnetfile.lock.json')
    .sort()
    .map((file) => `${sha256(join(folder, file))}  ${file}`)
    .join('\n')}\n`
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

function renderAll(): void {
  const missing = missingForRendering()
  if (missing) {
    console.error(missing)
    process.exit(1)
  }
  for (const name of dashboardNames) writeFileSync(renderedFile(name), render(name))
  writeFileSync(checksumFile, checksums())
  console.error(`Rendered ${dashboardNames.join(', ')}.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) renderAll()
