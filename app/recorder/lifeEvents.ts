import type { Device, LifeEvent } from '../../core/device.ts'
import { recordOf, series } from '../../core/series.ts'
import type { Sink } from './recorder.ts'

/** Records life events, which name only their device; one of a device that nobody knows has no place to be shown at. */
export const lifeEventRecorder =
  (placeOf: (device: string) => Pick<Device, 'site' | 'assetType'> | undefined, sink: Sink) =>
  ({ device, kind, time, detail }: LifeEvent): void => {
    const place = placeOf(device)
    if (!place) return
    const { site, assetType } = place
    const text = detail || kind.replaceAll('_', ' ')
    sink([recordOf(series.lifeEvent, { site, device, asset_type: assetType, kind }, { detail: text }, time)])
  }
