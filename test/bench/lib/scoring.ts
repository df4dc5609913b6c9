import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BackendChoice } from '../../../models/backend.ts'

export interface ScoringTask {
  readonly backend: BackendChoice
  /** One model alone with its features, or all of the scorer from readings to scores. */
  readonly what: 'forecaster' | 'autoencoder' | 'scorer'
  /** Windows in one call. */
  readonly batch: number
  readonly seconds: number
}

export interface ScoringFigures {
  readonly windowsPerSecond: number
  readonly cpuMicrosecondsPerWindow: number
}

const entry = fileURLToPath(new URL('./scoring.process.ts', import.meta.url))

/** Measures in a process of its own; rejects where the backend cannot be had. */
export async function measureScoring(task: ScoringTask): Promise<ScoringFigures> {
  const child = fork(entry, { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit')
  child.send(task)
  const said = once(child, 'message').then(([message]) => message as ScoringFigures | { error: string })
  const answer = await Promise.race([said, ended.then(([code]) => ({ error: `it ended with ${code}` }))])
  await ended
  if ('error' in answer) throw new Error(answer.error)
  return answer
}
