import type { LifeMoment, TicketLabel } from '../../models/training/labels/timeline.ts'
import type { RawData } from '../../models/training/prepare.ts'
import type { DeviceSeries } from '../../models/training/series.ts'

/** What is known of one device: its readings, and what happened to it. */
export interface DeviceHistory {
  readonly series: DeviceSeries
  readonly events: readonly LifeMoment[]
  /** Tickets that were really opened for it. */
  readonly tickets: readonly TicketLabel[]
  /** Where it stands, where that is known. */
  readonly site?: string | undefined
}

/** A history as the sources of training data give it, device by device in the order of their names. */
export function historiesOf(raw: {
  readonly series: readonly DeviceSeries[]
  readonly events: readonly LifeMoment[]
  readonly tickets: readonly TicketLabel[]
  readonly plant?: RawData['plant']
}): DeviceHistory[] {
  const events = byDevice(raw.events)
  const tickets = byDevice(raw.tickets)
  return [...raw.series]
    .sort((a, b) => (a.device < b.device ? -1 : 1))
    .map((series) => ({
      series,
      events: [...(events.get(series.device) ?? [])].sort((a, b) => a.time - b.time),
      tickets: tickets.get(series.device) ?? [],
      site: raw.plant?.sites.get(series.device),
    }))
}

function byDevice<T extends { readonly device: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(item.device, [...(groups.get(item.device) ?? []), item])
  return groups
}
