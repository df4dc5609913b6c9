import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { LifeEvent } from '../../core/device.ts'
import { messageOf } from '../../core/errors.ts'
import type { EventBus, TrendRecords } from '../../core/ports.ts'
import { every } from '../every.ts'
import { createCatalogueHours } from './catalogueHours.ts'
import { lifeEventRecorder } from './lifeEvents.ts'
import { type Look, together } from './looks.ts'
import { type ModelsRecorderParts, recordModels } from './models.ts'
import { recordPipeline } from './pipeline.ts'
import { createRecorder, type Recorder, type RecorderParts } from './recorder.ts'
import { recordScores } from './scores.ts'
import { type KnownState, recordStates } from './states.ts'
import { recordTickets } from './tickets.ts'

/** Where a device is, for what names only the device. */
export type PlaceOf = Parameters<typeof lifeEventRecorder>[0]

export interface RecordingParts {
  readonly worker: string
  readonly catalogue: Catalogue
  readonly records: TrendRecords
  readonly bus: Pick<EventBus, 'subscribe'>
  /** Of a process that scores: it alone records scores and states. */
  readonly states: (() => ReadonlyMap<string, KnownState>) | undefined
  /** Of a process in which tickets are opened or changed. */
  readonly tickets: boolean
  readonly placeOf: PlaceOf
  readonly looks: readonly Look[]
  /** Of a process that scores. */
  readonly models: ModelsRecorderParts['look'] | undefined
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

/** What a process records for Grafana, by its roles. */
export function startRecording(parts: RecordingParts): Recording {
  const { worker, bus, states, clock, logger } = parts
  const recorder = createRecorder(parts)
  const sink = recorder.add
  const stops: (() => unknown)[] = [
    ...(states ? recordScoring(parts, states, sink) : []),
    ...(parts.tickets ? [recordTickets(bus, sink)] : []),
    ...(parts.models
      ? [
          recordModels({
            look: parts.models,
            sink,
            clock,
            onError: (error) =>
              logger.warn({ problem: messageOf(error) }, 'the models were not recorded this time'),
          }).stop,
        ]
      : []),
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
    lifeEvent: lifeEventRecorder(parts.placeOf, sink),
    stats: recorder.stats,
    async close() {
      for (const stop of stops) await stop()
      await recorder.close()
    },
  }
}

function recordScoring(
  { catalogue, bus, clock }: RecordingParts,
  states: () => ReadonlyMap<string, KnownState>,
  sink: Recorder['add'],
): (() => unknown)[] {
  const hours = createCatalogueHours(catalogue)
  const tellHours = () => sink(hours.all(clock.now()))
  tellHours()
  return [
    recordScores(bus, hours, sink),
    recordStates({ bus, states, sink, clock }).stop,
    every(catalogueEveryMs, tellHours, clock).stop,
  ]
}
