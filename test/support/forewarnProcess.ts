import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ForewarnProcess {
  /** Where devices publish to; empty without the ingest role. */
  readonly mqttUrl: string
  readonly httpUrl: string
  readonly pid: number
  /** Resolves with the exit code once it has ended, whoever ended it; -1 by a signal. */
  readonly ended: Promise<number>
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
  /** A program and its arguments that become forewarn (`nsenter ...`): its pid stays the same. */
  readonly through?: readonly string[]
  /** Its abort is a SIGKILL, also while the process starts. */
  readonly signal?: AbortSignal
}

/** Processes of this one, so that even an aborted run leaves none behind. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts the built `forewarn start` as a process of its own on free ports; resolves when it listens. */
export async function startProcess(options: ProcessOptions): Promise<ForewarnProcess> {
  const { folder, env = {}, through = [], signal } = options
  const [program, ...args] = [...through, process.execPath, join(root, 'bin', 'forewarn.cjs'), 'start']
  const child = spawn(program!, args, {
    cwd: root,
    ...(signal && { signal, killSignal: 'SIGKILL' }),
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
  running.add(child)
  const ended = endOf(child)
  void ended.then(() => running.delete(child))
  const addresses = await listening(child, ended, () => log)
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return ended
  }
  return {
    ...addresses,
    pid: child.pid!,
    ended,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL')
    },
  }
}

/** A kill by an AbortSignal is told as an error before the exit; a program that is not there has no exit. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? -1))
    child.on('error', () => child.pid === undefined && resolve(-1))
  })
}

const announcement =
  /(?:page and API|health) at (http:\/\/[\w.:]+)(?:, devices publish to (mqtt:\/\/[\w.]+:\d+))?[ "\n]/

function listening(
  child: ChildProcess,
  ended: Promise<number>,
  log: () => string,
): Promise<{ httpUrl: string; mqttUrl: string }> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = announcement.exec(log())
      if (found) resolve({ httpUrl: found[1]!, mqttUrl: found[2] ?? '' })
    }
    child.stderr!.on('data', look)
    void ended.then((code) => reject(new Error(`forewarn ended with ${code} before it listened:\n${log()}`)))
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
