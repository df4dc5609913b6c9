#!/usr/bin/env node
// The door of every npm script. Has no dependencies, so that it runs on a fresh clone: installs what is missing,
// builds what has changed, then starts the command.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [command = '--help', ...rest] = process.argv.slice(2)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 12)) {
  fail(
    `Forewarn needs Node.js 20.12 or newer, this is ${process.versions.node}. Install a newer one from your package manager.`,
  )
}

const tasks = {
  build: () => build(true),
  demo: () => forewarn(['demo', ...rest]),
  start: () => forewarn(['start', ...rest]),
  test: () => vitest('vitest.config.ts'),
  'test:services': () => vitest('vitest.services.config.ts'),
  'test:campaign': () => run(process.execPath, ['--import', 'tsx', 'test/campaign/main.ts', ...rest]),
  evaluate: () => forewarn(['evaluate', 'all', ...rest]),
  bench: () => run(process.execPath, ['--import', 'tsx', 'test/bench/bench.ts', ...rest]),
  'bench:table': () => run(process.execPath, ['--import', 'tsx', 'test/bench/performance.ts']),
  screenshots: () => run(process.execPath, ['--import', 'tsx', 'scripts/screenshots.ts', ...rest]),
  dashboards: () => run(process.execPath, ['--import', 'tsx', 'scripts/dashboards.ts']),
}
/** They need nothing that is built, or build it themselves. */
const unbuilt = ['build', 'dashboards', 'bench:table']

if (!(command in tasks)) fail(`There is no task "${command}"; there are ${Object.keys(tasks).join(', ')}.`)
install()
if (!unbuilt.includes(command)) build(false)
if (command === 'test:services') services()
tasks[command]()

/** `npm ci`, unless exactly this lock file is installed already. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.forewarn-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('Installing packages (once; about a minute) ...')
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, lock)
}

/** Compiles the TypeScript and the page, each only when its sources are newer than what was built. */
function build(force) {
  const code = [
    'core',
    'ingest',
    'models',
    'alerts',
    'edge',
    'app',
    'tsconfig.build.json',
    'package-lock.json',
  ]
  step(
    'the program',
    'dist/app',
    code,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    force,
  )
  step(
    'the page',
    'dist/web',
    ['alerts/web', 'package-lock.json'],
    ['node_modules/vite/bin/vite.js', 'build', 'alerts/web', '--logLevel', 'warn'],
    force,
  )
}

function step(what, target, sources, args, force) {
  const stamp = join(root, 'dist', `.built-${target.replaceAll('/', '-')}`)
  const newest = Math.max(...sources.map((source) => newestIn(join(root, source))))
  if (
    !force &&
    existsSync(join(root, target)) &&
    existsSync(stamp) &&
    Number(readFileSync(stamp, 'utf8')) >= newest
  )
    return
  console.error(`Building ${what} ...`)
  run(process.execPath, args)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, String(newest))
}

function newestIn(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(path)
      .filter((n) => n !== 'node_modules')
      .map((n) => newestIn(join(path, n))),
  )
}

/** In CI the servers are installed; elsewhere the suites name the missing ones as skipped. */
function services() {
  if (process.env.CI !== 'true') return
  run('bash', [join(root, 'scripts', 'install-services.sh')])
}

function forewarn(args) {
  process.env.FOREWARN_QUIET_NPM = '1'
  run(process.execPath, [join(root, 'bin', 'forewarn.cjs'), ...args])
}

function vitest(config) {
  run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...rest])
}

/** Runs a child in the foreground; Ctrl-C reaches it through the terminal, so this waits for its own clean end. */
function run(file, args) {
  for (const signal of ['SIGINT', 'SIGTERM'])
    if (process.listenerCount(signal) === 0) process.on(signal, () => {})
  const done = spawnSync(file, args, { cwd: root, stdio: 'inherit' })
  if (done.error) fail(`${file} could not be started: ${done.error.message}`)
  if (done.status !== 0) process.exit(done.status ?? 1)
}

function fail(text) {
  console.error(text)
  process.exit(1)
}
