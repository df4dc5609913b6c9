import type { Clock } from '../../core/clock.ts'
import type { TrendRecord } from '../../core/ports.ts'
import { recordOf, series } from '../../core/series.ts'
import type { DriftReport } from '../../models/drift/driftWatch.ts'
import { every, type Rounds } from '../every.ts'
import type { TrackRecord } from '../referee/trackRecord.ts'
import type { Sink } from './recorder.ts'

/** What is known of the model of one asset type; what is not known yet is left out. */
export interface ModelLook {
  readonly assetType: string
  /** First characters of the champion's hash. */
  readonly version: string
  readonly drift: DriftReport | undefined
  readonly record: TrackRecord | undefined
}

export interface ModelsRecorderParts {
  readonly look: () => Promise<readonly ModelLook[]>
  readonly sink: Sink
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

/** Records the models in force, their drift and their track record, now and every ten seconds. */
export function recordModels({ look, sink, clock, onError, everyMs = 10_000 }: ModelsRecorderParts): Rounds {
  const record = async () => sink((await look()).flatMap((one) => modelRecords(one, clock.now())))
  record().catch(onError)
  return every(everyMs, record, clock, onError)
}

export function modelRecords({ assetType, version, drift, record }: ModelLook, now: number): TrendRecord[] {
  const tags = { asset_type: assetType }
  return [
    recordOf(
      series.model,
      tags,
      {
        version,
        ...(drift && {
          windows: drift.windows,
          devices_shifted: new Set(drift.devices.map((d) => d.device)).size,
        }),
        ...(record && {
          coverage: record.coverage ?? Number.NaN,
          coverage_windows: record.windows,
          interval_width: record.width ?? Number.NaN,
          failures: record.failures,
        }),
      },
      now,
    ),
    ...(drift?.channels ?? []).map(({ channel, stabilityIndex }) =>
      recordOf(series.drift, { ...tags, channel }, { stability_index: stabilityIndex }, now),
    ),
    ...(drift?.furthest ?? []).map(({ device, site, channel, shift }) =>
      recordOf(
        series.deviceShift,
        { ...tags, device, site },
        { channel, shift, distance: Math.abs(shift) },
        now,
      ),
    ),
    ...(record?.precision ?? []).map(({ mode, precision, confirmed, refuted }) =>
      recordOf(series.alarmPrecision, { ...tags, mode }, { precision, confirmed, refuted }, now),
    ),
  ]
}
