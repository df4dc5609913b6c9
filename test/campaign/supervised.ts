import { appendFileSync } from 'node:fs'
import { type ForewarnProcess, type ProcessOptions, startProcess } from '../support/forewarnProcess.ts'
import type { UnaskedEnd } from './plant.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const restartMs = 250
/** A process that was asked to end and has not after so long hangs, ms. */
const patienceMs = 30_000

/** An end that nobody of the campaign asked for. */
export interface SelfEnded {
  /** Before it listened. */
  readonly atStart: boolean
  readonly code: number
  /** Codes of the error catalogue in its last lines. */
  readonly errors: readonly string[]
  readonly lastLines: string
}

/** What a supervisor does for a process (restart: always), with the means to end it in any way at any moment. */
export class Supervised {
  /** Ends by itself since the last `takeEnds`. */
  private ends: SelfEnded[] = []
  private process: ForewarnProcess | undefined
  private starting: AbortController | undefined
  private wanted = false
  private running: Promise<void> = Promise.resolve()
  /** Milliseconds from a start until it listens, all of them. */
  readonly starts: number[] = []

  /** `logFile` takes what each process wrote, once it has ended. */
  constructor(
    private readonly logFile: string,
    private readonly options: () => Omit<ProcessOptions, 'signal'>,
  ) {}

  get mqttUrl(): string | undefined {
    return this.process?.mqttUrl
  }

  get httpUrl(): string | undefined {
    return this.process?.httpUrl
  }

  get pid(): number | undefined {
    return this.process?.pid
  }

  /** Starts it and keeps it up until `stop`; resolves at once. */
  start(): void {
    if (this.wanted) return
    this.wanted = true
    this.running = this.keepUp()
  }

  /** Resolves when it listens. */
  async up(ms = 60_000): Promise<void> {
    const end = performance.now() + ms
    while (!this.process) {
      if (performance.now() > end) throw new Error(`forewarn did not start: ${JSON.stringify(this.ends)}`)
      await pause(20)
    }
  }

  /** What the process that listens has written so far. */
  log(): string {
    return this.process?.log() ?? ''
  }

  /** To the process that listens; none where there is none. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    try {
      if (this.process) process.kill(this.process.pid, signal)
    } catch {
      // It has ended meanwhile: that is told elsewhere.
    }
  }

  /** SIGKILL at whatever stage it is; the supervisor starts it again. */
  kill(): void {
    const { process: own, starting } = this
    this.process = undefined
    starting?.abort()
    void own?.kill()
  }

  /** SIGTERM; `killAfterMs`: it is killed when it has not ended by then. The exit code, -1 where it was killed. */
  async stop(killAfterMs?: number): Promise<number> {
    this.wanted = false
    const { process: own, starting } = this
    this.process = undefined
    const timer = setTimeout(() => starting?.abort(), killAfterMs ?? patienceMs)
    if (!own) starting?.abort()
    const code = (await own?.stop()) ?? -1
    clearTimeout(timer)
    await this.running
    return code
  }

  /** Ends by itself since the last call. */
  takeEnds(): SelfEnded[] {
    const ends = this.ends
    this.ends = []
    return ends
  }

  private async keepUp(): Promise<void> {
    while (this.wanted) {
      await this.runOnce()
      if (this.wanted) await pause(restartMs)
    }
  }

  private async runOnce(): Promise<void> {
    this.starting = new AbortController()
    const { signal } = this.starting
    const begun = performance.now()
    try {
      const started = await startProcess({ ...this.options(), signal })
      this.starts.push(performance.now() - begun)
      this.process = started
      if (!this.wanted) void started.stop()
      const code = await started.ended
      appendFileSync(this.logFile, `${started.log()}\nended with ${code}\n\n`)
      const isOurs = signal.aborted || this.process !== started
      this.process = undefined
      if (!isOurs) this.ends.push({ atStart: false, ...endOf(code, started.log()) })
    } catch (error) {
      appendFileSync(this.logFile, `${error}\n\n`)
      if (!signal.aborted) this.ends.push({ atStart: true, ...endOf(-1, String(error)) })
    }
  }
}

const endOf = (code: number, log: string): Omit<SelfEnded, 'atStart'> => ({
  code,
  errors: [...new Set([...log.slice(-4_000).matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([word]) => word!))],
  lastLines: log.slice(-1_500),
})

/** In words, for the report of a round. */
export const unaskedEnd = (name: string, { atStart, code, errors, lastLines }: SelfEnded): UnaskedEnd => ({
  atStart,
  text: `${name} ended by itself with ${code} (${errors.join(', ')}): ${lastLines}`,
})
