import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Wishes {
  /** How far the process's wall clock is from the true one, ms. */
  readonly clockMs: number
  /** What DuckDB does with a transaction: takes 300 ms, fails four times in five, or does not answer. */
  readonly store: 'ok' | 'slow' | 'errors' | 'silent'
  /** Breaks a promise of forewarn's own, to see whether the campaign finds out: every fifth chunk of rows is written twice. */
  readonly doubles: boolean
}

const hook = fileURLToPath(new URL('./hooks/inside.cjs', import.meta.url))

/** Tells a process from outside what misbehaves inside it; it looks every 20 ms. */
export class Control {
  private wishes: Wishes = { clockMs: 0, store: 'ok', doubles: false }

  constructor(private readonly file: string) {
    this.set({})
  }

  /** What the process has to be started with. */
  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--require ${hook}`, FOREWARN_CAMPAIGN_CONTROL: this.file }
  }

  set(change: Partial<Wishes>): void {
    this.wishes = { ...this.wishes, ...change }
    writeFileSync(`${this.file}.new`, JSON.stringify(this.wishes))
    renameSync(`${this.file}.new`, this.file)
  }

  /** Transactions of the store that were misused so far. */
  misused(): number {
    return existsSync(`${this.file}.done`) ? statSync(`${this.file}.done`).size : 0
  }
}
