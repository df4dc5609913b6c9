import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { LifeEvent } from '../../core/device.ts'
import type { EventBus } from '../../core/ports.ts'
import type { LivesParts } from './lives.ts'
import { type TrackRecord, trackRecordOf } from './trackRecord.ts'

export interface TrackRecordsParts extends LivesParts {
  readonly catalogue: Catalogue
  readonly clock: Pick<Clock, 'elapsed'>
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly onLifeEvent: (hear: (event: LifeEvent) => void) => void
}

export interface TrackRecords {
  /** Looked up anew where something has come true since the last time; undefined for an unknown asset type. */
  of(assetType: string): Promise<TrackRecord | undefined>
  close(): void
}

/** Another process may have heard of what this one has not. */
const oldestMs = 3_600_000

/** Keeps the track record of each asset type: looking it up asks the store for every failure. */
export function createTrackRecords(parts: TrackRecordsParts): TrackRecords {
  const { catalogue, clock, bus, onLifeEvent } = parts
  const kept = new Map<string, { readonly at: number; readonly record: Promise<TrackRecord> }>()
  const forget = () => kept.clear()
  onLifeEvent(({ kind }) => {
    if (kind === 'failed') forget()
  })
  const stop = bus.subscribe((event) => {
    if (event.kind === 'ticket' && ['resolved', 'reopened'].includes(event.change)) forget()
  })
  return {
    async of(assetType) {
      const type = catalogue.get(assetType)
      if (!type) return undefined
      const known = kept.get(assetType)
      if (known && clock.elapsed() - known.at < oldestMs) return known.record
      const record = trackRecordOf(type, parts)
      kept.set(assetType, { at: clock.elapsed(), record })
      // What could not be looked up is looked up again the next time.
      record.catch(() => kept.delete(assetType))
      return record
    },
    close: stop,
  }
}
