import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, createWriteStream, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, it } from 'vitest'

/**
 * Real servers for the tests: a process in a throw-away folder on a free loopback port, stopped by its pid.
 * Packages: redis-server and influxdb of Debian (`apt-get install redis-server influxdb`).
 */
export type ServiceName = 'redis-server' | 'influxd'

export interface Service {
  readonly name: ServiceName
  readonly port: number
  /** redis://127.0.0.1:port or influx://127.0.0.1:port (no database in it). */
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

/** Debian keeps daemons in /usr/sbin, which is not in every user's PATH. */
export function findService(name: ServiceName): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `describe` for suites that need a server: absent means a named failure with CI=true, a named skip elsewhere. */
export function describeService(name: ServiceName, title: string, body: () => void): void {
  if (findService(name)) describe(title, body)
  else if (process.env.CI === 'true') {
    describe(title, () =>
      it(`needs ${name}`, () => {
        throw new Error(`${name} is not installed: apt-get install ${debianPackage[name]}`)
      }),
    )
  } else describe.runIf(false)(`${title} (left out: ${name} is not installed)`, body)
}

const debianPackage = { 'redis-server': 'redis-server', influxd: 'influxdb' } as const

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve((address as { port: number }).port))
    })
  })
}

/** What differs between the servers. */
interface Recipe {
  readonly scheme: string
  /** Writes what it needs into the folder and returns the arguments. */
  prepare(folder: string, port: number, settings: string): Promise<string[]>
  answers(port: number): Promise<boolean>
}

const recipes: Record<ServiceName, Recipe> = {
  'redis-server': {
    scheme: 'redis',
    async prepare(folder, port, settings) {
      const file = join(folder, 'redis.conf')
      const lines = [
        'bind 127.0.0.1',
        `port ${port}`,
        `dir ${folder}`,
        'save ""',
        'appendonly yes',
        'maxmemory-policy noeviction',
      ]
      await writeFile(file, `${lines.join('\n')}\n${settings}\n`)
      return [file]
    },
    answers: (port) => replies(port, 'PING\r\n', '+PONG'),
  },
  influxd: {
    scheme: 'influx',
    async prepare(folder, port, settings) {
      const file = join(folder, 'influxdb.conf')
      await writeFile(file, influxConfig(folder, port, await freePort(), settings))
      return ['-config', file]
    },
    answers: (port) => replies(port, 'GET /ping HTTP/1.1\r\nHost: forewarn\r\n\r\n', 'HTTP/1.1 204'),
  },
}

const influxConfig = (folder: string, port: number, rpcPort: number, http: string) => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  index-version = "inmem"
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  ${http}
`

/** True when the server answers `request` with something that begins with `expected`. */
function replies(port: number, request: string, expected: string): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    const done = (ok: boolean) => {
      socket.destroy()
      resolve(ok)
    }
    socket.setTimeout(1000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('close', () => resolve(false))
    socket.on('data', (data) => {
      seen += data.toString()
      if (seen.length >= expected.length) done(seen.startsWith(expected))
    })
  })
}

/** Processes of this test file, so that even an aborted run leaves none behind. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server. `settings`: further lines for redis.conf, or for the [http] section of influxdb.conf. */
export async function startService(name: ServiceName, settings = ''): Promise<Service> {
  const binary = findService(name)
  if (!binary) throw new Error(`${name} is not installed: apt-get install ${debianPackage[name]}`)
  const recipe = recipes[name]
  const folder = await mkdtemp(join(tmpdir(), `forewarn-${name}-`))
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async () => {
    const args = await recipe.prepare(folder, port, settings)
    child = launch(binary, args, join(folder, 'output.txt'))
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
  const url = `${recipe.scheme}://127.0.0.1:${port}`
  return { name, port, url, folder, pid: () => child?.pid, start, stop, close }
}

function launch(binary: string, args: string[], outputFile: string): ChildProcess {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
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
