import { hourMs } from '../../../../core/series.ts'
import { hourOf, joinRanges, type Range } from '../../hours.ts'

/** Hours of one device, from the start of the first to the end of the last, ms. */
export interface Hours {
  readonly assetType: string
  readonly device: string
  readonly from: number
  readonly to: number
}

interface Entry {
  readonly assetType: string
  readonly device: string
  /** Apart and in order of time. */
  spans: Range[]
  /** When it was touched last, by Clock.elapsed. */
  touchedAt: number
}

/** More spans of a device than this are joined: that recomputes hours in vain, but bounds what is remembered. */
const mostSpans = 64
/** A device that was silent for so long gets the hour that it left unfinished. */
const silentMs = hourMs

/** Which hours of which device got readings since they were last rolled up. */
export class TouchedHours {
  private readonly entries = new Map<string, Map<string, Entry>>()
  /** What was taken last, and is not settled. */
  private taken: readonly Hours[] = []

  /** `now`, here and below: Clock.elapsed. */
  touch(assetType: string, device: string, time: number, now: number): void {
    this.add({ assetType, device, from: hourOf(time), to: hourOf(time) + hourMs }, now)
  }

  /** Takes hours (back) in, as touched at `now`. */
  add({ assetType, device, from, to }: Hours, now: number): void {
    const entry = this.entryOf(assetType, device)
    entry.touchedAt = now
    if (entry.spans.some((span) => from >= span.from && to <= span.to)) return
    entry.spans = joinRanges([...entry.spans, { from, to }], mostSpans)
  }

  /** Hours of a device that are still to be rolled up, those included that were taken and are not settled. */
  of(assetType: string, device: string): readonly Range[] {
    const waiting = this.entries.get(assetType)?.get(device)?.spans ?? []
    const taken = this.taken.filter((one) => one.assetType === assetType && one.device === device)
    return [...waiting, ...taken]
  }

  /** What was taken last is rolled up, or was added again. */
  settle(): void {
    this.taken = []
  }

  /**
   * Removes and returns about `most` hours that are complete: the device's newest reading lies behind them, or it fell
   * silent. `newest`: event time of a device's newest reading.
   */
  take(newest: (assetType: string, device: string) => number, now: number, most: number): Hours[] {
    const taken: Hours[] = []
    this.taken = taken
    let hours = 0
    for (const devices of this.entries.values()) {
      for (const entry of devices.values()) {
        if (hours >= most) return taken
        const { assetType, device } = entry
        const isSilent = entry.touchedAt + silentMs <= now
        const until = isSilent ? Number.POSITIVE_INFINITY : hourOf(newest(assetType, device))
        for (const span of takeFrom(entry, until)) {
          taken.push({ assetType, device, ...span })
          hours += (span.to - span.from) / hourMs
        }
        if (entry.spans.length === 0) devices.delete(device)
      }
    }
    return taken
  }

  private entryOf(assetType: string, device: string): Entry {
    let devices = this.entries.get(assetType)
    if (!devices) {
      devices = new Map()
      this.entries.set(assetType, devices)
    }
    let entry = devices.get(device)
    if (!entry) {
      entry = { assetType, device, spans: [], touchedAt: 0 }
      devices.set(device, entry)
    }
    return entry
  }
}

/** What lies before `until`; the rest stays. */
function takeFrom(entry: Entry, until: number): Range[] {
  const taken = entry.spans
    .filter(({ from }) => from < until)
    .map(({ from, to }) => ({ from, to: Math.min(to, until) }))
  entry.spans = entry.spans
    .filter(({ to }) => to > until)
    .map(({ from, to }) => ({ from: Math.max(from, until), to }))
  return taken
}
