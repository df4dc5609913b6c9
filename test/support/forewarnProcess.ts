import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ForewarnProcess {
  readonly pid: number
  /** Where devices publish to; empty without the ingest role. */
  readonly mqttUrl: string
  readonly httpUrl: string
  /** Everything it wrote to stderr so far. */
  log(): string
  /** SIGTERM, as Ctrl-C would; resolves with the exit code. */
  stop(): Promise<number>
  /** SIGKILL: no closing code runs. */
  kill(): Promise<void>
}

export interface ProcessOptions {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the built `forewarn start` as a process of its own on free ports; resolves when it listens. */
export async function startProcess({ folder, env = {} }: ProcessOptions): Promise<ForewarnProcess> {
  const child = spawn(process.execPath, [join(root, 'bin', 'forewarn.cjs'), 'start'], {
    cwd: root,
    env: {
      ...process.env,
      FOREWARN_DATA_FOLDER: folder,
      FOREWARN_HTTP_PORT: '0',
      FOREWARN_MQTT_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const addresses = await listening(child, () => log)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode ?? -1
  }
  return {
    ...addresses,
    pid: child.pid!,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL')
    },
  }
}

const announcement =
  /(?:page and API|health) at (http:\/\/[\w.:]+)(?:, devices publish to (mqtt:\/\/[\w.]+:\d+))?[ "\n]/

function listening(child: ChildProcess, log: () => string): Promise<{ httpUrl: string; mqttUrl: string }> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = announcement.exec(log())
      if (found) resolve({ httpUrl: found[1]!, mqttUrl: found[2] ?? '' })
    }
    child.stderr!.on('data', look)
    child.once('exit', (code) =>
      reject(new Error(`forewarn ended with ${code} before it listened:\n${log()}`)),
    )
  })
}

/** GET as JSON; throws with the body where the answer is not 2xx. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** Asks again until the answer satisfies; throws with the last answer when it does not within `ms`. */
export async function until<T>(
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  ms = 30_000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (satisfied(answer)) return answer
    if (Date.now() > end)
      throw new Error(`not reached within ${ms} ms; last answer: ${JSON.stringify(answer)}`)
    await new Promise((done) => setTimeout(done, 100))
  }
}
