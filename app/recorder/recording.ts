import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { LifeEvent } from '../../core/device.ts'
import { messageOf } from '../../core/errors.ts'
import type { EventBus, TrendRecords } from '../../core/ports.ts'
import { createCatalogueHours } from './catalogueHours.ts'
import { every } from './every.ts'
import { lifeEventRecorder } from './lifeEvents.ts'
import { type Look, together } from './looks.ts'
import { recordPipeline } from './pipeline.ts'
import { createRecorder, type Recorder, type RecorderParts } from './recorder.ts'
import { recordScores } from './scores.ts'
import { type KnownState, recordStates } from './states.ts'
import { recordTickets } from './tickets.ts'

export interface RecordingParts {
  readonly worker: string
  readonly catalogue: Catalogue
  readonly records: TrendRecords
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly states: () => ReadonlyMap<string, KnownState>
  readonly looks: readonly Look[]
  readonly clock: Clock
  readonly logger: RecorderParts['logger']
}

export interface Recording {
  readonly lifeEvent: (event: LifeEvent) => void
  readonly stats: Recorder['stats']
  close(): Promise<void>
}

/** Whether the store of that URL keeps trend records: Grafana looks at InfluxDB, DuckDB would drop them. */
export const keepsTrends = (telemetryUrl: string): boolean => /^influxs?:/.test(telemetryUrl)

/** Band and labels are told anew soon after each full hour. */
const catalogueEveryMs = 60_000

/** Everything that a process with all roles records for Grafana. */
export function startRecording(parts: RecordingParts): Recording {
  const { worker, catalogue, bus, states, clock, logger } = parts
  const recorder = createRecorder(parts)
  const sink = recorder.add
  const hours = createCatalogueHours(catalogue)
  const tellHours = () => sink(hours.all(clock.now()))
  tellHours()
  const stops: (() => unknown)[] = [
    recordScores(bus, hours, sink),
    recordTickets(bus, sink),
    recordStates({ bus, states, sink, clock }).stop,
    every(catalogueEveryMs, tellHours, clock).stop,
    recordPipeline({
      worker,
      look: together(...parts.looks),
      sink,
      clock,
      onError: (error) =>
        logger.warn({ problem: messageOf(error) }, 'the pipeline was not recorded this time'),
    }).stop,
  ]
  return {
    lifeEvent: lifeEventRecorder((device) => states().get(device), sink),
    stats: recorder.stats,
    async close() {
      for (const stop of stops) await stop()
      await recorder.close()
    },
  }
}
