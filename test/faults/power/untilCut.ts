import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type PowerOptions, plugIn, powerBack, type Survival } from './disk.ts'

export interface Cut extends PowerOptions {
  /** What the power is taken from: a script and its arguments. */
  readonly script: string
  readonly args: readonly string[]
  readonly folder: string
  /** The power goes after so many lines, and this long after those, ms; without lines, at `cutAtSync`. */
  readonly afterLines?: number
  readonly afterMs?: number
  readonly survival?: Survival
}

/**
 * Runs a script until its power is cut, brings the power back, and returns the lines that it had printed: what it
 * acknowledged. Throws where it ended by itself.
 */
export async function untilCut(cut: Cut): Promise<string[]> {
  const power = plugIn(cut.folder, cut)
  const loader = cut.script.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawn(process.execPath, [...loader, cut.script, ...cut.args], {
    env: { ...process.env, ...power },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let complaints = ''
  let killing: NodeJS.Timeout | undefined
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (cut.afterLines === undefined || killing || lines(printed).length < cut.afterLines) return
    killing = setTimeout(() => child.kill('SIGKILL'), cut.afterMs ?? 0)
  })
  await once(child, 'close')
  if (child.signalCode !== 'SIGKILL')
    throw new Error(`${cut.script} ended with ${child.exitCode} before the cut:\n${complaints}`)
  powerBack(cut.folder, cut.survival)
  return lines(printed)
}

/** Whole ones. */
const lines = (printed: string): string[] => printed.split('\n').slice(0, -1)
