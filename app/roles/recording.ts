import type { DeviceState } from '../../alerts/http/deps.ts'
import type { Around } from '../around.ts'
import type { Seen } from '../look.ts'
import type { Parts } from '../parts.ts'
import { alertsLook, ingestLook, scoreLook } from '../recorder/looks.ts'
import { keepsTrends, startRecording } from '../recorder/recording.ts'
import type { QueueCounts } from '../summary.ts'
import type { Ingest } from './ingest.ts'
import type { ScoreRole } from './score.ts'

export interface RecordingRoles {
  readonly parts: Parts
  readonly ingest: Ingest | undefined
  readonly score: ScoreRole | undefined
  readonly queue: (() => Promise<Seen<QueueCounts>>) | undefined
}

/** Records what engineers look at, each process what its roles know, where the store keeps it. */
export function recordRoles(around: Around, { parts, ingest, score, queue }: RecordingRoles): void {
  const { config, catalogue, clock, logger, has } = around
  if (!keepsTrends(config.telemetry.url)) return
  const recording = startRecording({
    worker: config.worker.name,
    catalogue,
    records: parts.store.records,
    bus: parts.bus,
    states: score && (() => score.fleet.states()),
    tickets: has('alerts') || has('web'),
    placeOf: placeOf(parts, score),
    looks: [
      ...(ingest ? [ingestLook(ingest.account)] : []),
      ...(score ? [scoreLook(score.account, () => score.fleet.states())] : []),
      ...(has('alerts') && queue ? [alertsLook(queue, parts.tickets)] : []),
    ],
    clock,
    logger,
  })
  parts.onLifeEvent(recording.lifeEvent)
  parts.beforeStoreCloses(() => recording.close())
}

/** Where a device is: as the scorer, or the log of this process, knows it. */
function placeOf({ readings }: Parts, score: ScoreRole | undefined) {
  return (device: string): Pick<DeviceState, 'site' | 'assetType'> | undefined =>
    score?.fleet.states().get(device) ?? readings?.log.devices().find((known) => known.device === device)
}
