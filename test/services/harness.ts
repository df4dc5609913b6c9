import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, createWriteStream, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, it } from 'vitest'
import { influxRecipe } from './recipes/influx.ts'
import { mosquittoRecipe } from './recipes/mosquitto.ts'
import { postgresFolders, postgresRecipe } from './recipes/postgres.ts'
import { freePort, type Identity, type Recipe } from './recipes/recipe.ts'
import { redisRecipe } from './recipes/redis.ts'
import { redisSentinelRecipe } from './recipes/redisSentinel.ts'

export { freePort } from './recipes/recipe.ts'

/**
 * Real servers for the tests: a process in a throw-away folder on a free loopback port, stopped by its pid.
 * All come from Debian's packages; what differs between them lies in recipes/, one file a server.
 */
export type ServiceName = 'redis-server' | 'redis-sentinel' | 'influxd' | 'postgres' | 'mosquitto'

export interface Service {
  readonly name: ServiceName
  readonly port: number
  /** Scheme, 127.0.0.1 and port; a PostgreSQL's with user and database, an InfluxDB's without a database. */
  readonly url: string
  readonly folder: string
  /** The running process; undefined while stopped. */
  pid(): number | undefined
  /** Starts it (again) on the same port and folder; resolves when it answers. */
  start(): Promise<void>
  /** Ends the process and waits for it; the folder stays, so that `start` finds its data. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Ends the process and removes its folder. */
  close(): Promise<void>
}

/** Debian keeps daemons in /usr/sbin, and PostgreSQL in a folder a version: neither is in every user's PATH. */
export function findService(name: ServiceName): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...postgresFolders(),
  ]
  const binary = recipes[name]?.binary ?? name
  return folders.map((folder) => join(folder, binary)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `describe` for suites that need several servers; named after the first that is missing. */
export function describeServices(names: readonly ServiceName[], title: string, body: () => void): void {
  describeService(names.find((name) => !findService(name)) ?? names[0]!, title, body)
}

/** `describe` for suites that need a server: absent means a named failure with CI=true, a named skip elsewhere. */
export function describeService(name: ServiceName, title: string, body: () => void): void {
  if (findService(name)) describe(title, body)
  else if (process.env.CI === 'true') {
    describe(title, () =>
      it(`needs ${name}`, () => {
        throw new Error(`${name} is not installed: apt-get install ${recipes[name].debianPackage}`)
      }),
    )
  } else describe.runIf(false)(`${title} (left out: ${name} is not installed)`, body)
}

const recipes: Record<ServiceName, Recipe> = {
  'redis-server': redisRecipe,
  'redis-sentinel': redisSentinelRecipe,
  influxd: influxRecipe,
  postgres: postgresRecipe,
  mosquitto: mosquittoRecipe,
}

/** Processes of this test file, so that even an aborted run leaves none behind. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server. `settings`: further lines of its configuration file (InfluxDB: of the section [http]). */
export async function startService(name: ServiceName, settings = ''): Promise<Service> {
  for (let tries = 1; ; tries++)
    try {
      return await startOnce(name, settings)
    } catch (error) {
      // somebody took the port between our asking for a free one and the server's start
      if (tries === 3 || !/address already in use/i.test(String(error))) throw error
    }
}

async function startOnce(name: ServiceName, settings: string): Promise<Service> {
  const binary = findService(name)
  if (!binary) throw new Error(`${name} is not installed: apt-get install ${recipes[name].debianPackage}`)
  const recipe = recipes[name]
  const folder = await mkdtemp(join(tmpdir(), `forewarn-${name}-`))
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async () => {
    const args = await recipe.prepare(folder, port, settings)
    child = launch(binary, args, join(folder, 'output.txt'), recipe.identity?.())
    await answering(name, child, () => recipe.answers(port), join(folder, 'output.txt'))
  }
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    if (child) await end(child, signal)
    child = undefined
  }
  const close = async () => {
    await stop('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  await start().catch(async (error) => {
    await close()
    throw error
  })
  const url = recipe.url(port)
  return { name, port, url, folder, pid: () => child?.pid, start, stop, close }
}

function launch(binary: string, args: string[], outputFile: string, identity: Identity = {}): ChildProcess {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], ...identity })
  const output = createWriteStream(outputFile, { flags: 'a' })
  output.on('error', () => undefined)
  child.stdout?.pipe(output, { end: false })
  child.stderr?.pipe(output, { end: false })
  child.once('close', () => {
    running.delete(child)
    output.end()
  })
  running.add(child)
  return child
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function answering(
  name: ServiceName,
  child: ChildProcess,
  answers: () => Promise<boolean>,
  outputFile: string,
): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline && !hasEnded(child)) {
    if (await answers()) return
    await pause(50)
  }
  await end(child, 'SIGKILL')
  throw new Error(`${name} did not start:\n${readFileSync(outputFile, 'utf8').slice(-2000)}`)
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(child)) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await closed
  clearTimeout(patience)
}
