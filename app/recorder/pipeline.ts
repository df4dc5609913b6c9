import type { Clock } from '../../core/clock.ts'
import type { TrendRecord } from '../../core/ports.ts'
import type { DeadLetterReason } from '../../core/reading.ts'
import { recordOf, series } from '../../core/series.ts'
import { every, type Rounds } from '../every.ts'
import type { Sink } from './recorder.ts'

/** What one process can say of the pipeline; what it has no part in is left out. */
export interface PipelineLook {
  readonly fields: Partial<Record<(typeof series.pipeline.fields)[number], number>>
  /** Totals by reason. */
  readonly deadLetters?: Partial<Record<DeadLetterReason, number>>
}

export interface PipelineParts {
  /** `worker.name` of the configuration. */
  readonly worker: string
  readonly look: () => Promise<PipelineLook>
  readonly sink: Sink
  readonly clock: Clock
  /** A look that failed: its round is left out. */
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

/** Records the pipeline now and every ten seconds. */
export function recordPipeline(parts: PipelineParts): Rounds {
  const { worker, look, sink, clock, onError, everyMs = 10_000 } = parts
  const record = async () => sink(pipelineRecords(worker, await look(), clock.now()))
  record().catch(onError)
  return every(everyMs, record, clock, onError)
}

function pipelineRecords(worker: string, { fields, deadLetters = {} }: PipelineLook, now: number) {
  const reasons = Object.entries(deadLetters).map(
    ([reason, count]): TrendRecord => recordOf(series.deadLetter, { worker, reason }, { count }, now),
  )
  return [recordOf(series.pipeline, { worker }, fields, now), ...reasons]
}
