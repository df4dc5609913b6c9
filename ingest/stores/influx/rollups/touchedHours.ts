export const hourMs = 3_600_000

export const hourOf = (time: number): number => Math.floor(time / hourMs) * hourMs

/** Hours of one device, from the start of the first to the end of the last, ms. */
export interface Hours {
  readonly assetType: string
  readonly device: string
  readonly from: number
  readonly to: number
}

interface Span {
  from: number
  to: number
}

interface Entry {
  readonly assetType: string
  readonly device: string
  /** Apart and in order of time. */
  spans: Span[]
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

  /** `now`, here and below: Clock.elapsed. */
  touch(assetType: string, device: string, time: number, now: number): void {
    this.add({ assetType, device, from: hourOf(time), to: hourOf(time) + hourMs }, now)
  }

  /** Takes hours (back) in, as touched at `now`. */
  add({ assetType, device, from, to }: Hours, now: number): void {
    const entry = this.entryOf(assetType, device)
    entry.touchedAt = now
    if (entry.spans.some((span) => from >= span.from && to <= span.to)) return
    entry.spans = joined([...entry.spans, { from, to }])
  }

  /**
   * Removes and returns about `most` hours that are complete: the device's newest reading lies behind them, or it fell
   * silent. `newest`: event time of a device's newest reading.
   */
  take(newest: (assetType: string, device: string) => number, now: number, most: number): Hours[] {
    const taken: Hours[] = []
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
function takeFrom(entry: Entry, until: number): Span[] {
  const taken = entry.spans
    .filter(({ from }) => from < until)
    .map(({ from, to }) => ({ from, to: Math.min(to, until) }))
  entry.spans = entry.spans
    .filter(({ to }) => to > until)
    .map(({ from, to }) => ({ from: Math.max(from, until), to }))
  return taken
}

/** Sorted, touching ones joined, and the nearest ones, too, while they are too many. */
function joined(spans: Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from)
  const apart: Span[] = []
  for (const span of sorted) {
    const last = apart.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else apart.push({ ...span })
  }
  while (apart.length > mostSpans) joinNearest(apart)
  return apart
}

function joinNearest(spans: Span[]): void {
  const gap = (i: number) => spans[i + 1]!.from - spans[i]!.to
  let nearest = 0
  for (let i = 1; i < spans.length - 1; i++) if (gap(i) < gap(nearest)) nearest = i
  spans[nearest]!.to = spans[nearest + 1]!.to
  spans.splice(nearest + 1, 1)
}
