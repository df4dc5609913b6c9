import type { DeviceState } from '../../alerts/http/deps.ts'
import type { Around } from '../around.ts'
import type { Seen } from '../look.ts'
import type { Parts } from '../parts.ts'
import { alertsLook, ingestLook, scoreLook } from '../recorder/looks.ts'
import type { ModelLook } from '../recorder/models.ts'
import { keepsTrends, startRecording } from '../recorder/recording.ts'
import type { TrackRecords } from '../referee/trackRecords.ts'
import type { QueueCounts } from '../summary.ts'
import type { Ingest } from './ingest.ts'
import type { ScoreRole } from './score.ts'

export interface RecordingRoles {
  readonly parts: Parts
  readonly ingest: Ingest | undefined
  readonly score: ScoreRole | undefined
  readonly queue: (() => Promise<Seen<QueueCounts>>) | undefined
  readonly records: TrackRecords
}

/** Records what engineers look at, each process what its roles know, where the store keeps it. */
export function recordRoles(around: Around, roles: RecordingRoles): void {
  const { parts, ingest, score, queue, records } = roles
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
    models: score && (() => modelLooks(around, score, records)),
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

/** Types without a model have nothing to be recorded. */
async function modelLooks(
  { catalogue }: Around,
  score: ScoreRole,
  records: TrackRecords,
): Promise<ModelLook[]> {
  const looks: ModelLook[] = []
  for (const assetType of catalogue.keys()) {
    const { champion } = await score.registry.inForce(assetType)
    if (champion === null) continue
    const record = await records.of(assetType)
    looks.push({ assetType, version: champion.slice(0, 12), drift: score.drift(assetType), record })
  }
  return looks
}
