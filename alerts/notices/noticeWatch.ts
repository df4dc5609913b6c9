import type { Catalogue } from '../../core/catalogue.ts'
import { allowedLateness } from '../../core/catalogue.ts'
import type { Notices } from '../../core/ports.ts'
import type { NotScoredReason, ScoringState } from '../../core/score.ts'

/** What is watched of a device. */
export interface Watched {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly state: ScoringState
}

export interface NoticeWatchParts {
  readonly notices: Notices
  readonly catalogue: Catalogue
  /** A device that is not scored for longer, by the clock or by the event time of its kind, has a notice. */
  readonly afterMs: number
}

/** Since when a device is not scored. */
interface Unscored {
  /** Event time, ms. */
  readonly since: number
  /** By the clock that never jumps, ms. */
  readonly at: number
}

/**
 * Opens a notice about every device that has not been scored for a while, and closes it when it is. It looks at what is, not
 * at what changes: what could not be written is written with the next look, and a restart forgets nothing but how long it
 * has waited.
 */
export class NoticeWatch {
  private readonly unscored = new Map<string, Unscored>()
  /** The notices that are open, with the reason that each has. */
  private readonly open = new Map<string, NotScoredReason>()

  constructor(private readonly parts: NoticeWatchParts) {}

  /** Takes over the notices that were open before this process was. */
  async load(): Promise<void> {
    const open = await this.parts.notices.list({ open: true, limit: Number.MAX_SAFE_INTEGER })
    for (const { device, reason } of open) this.open.set(device, reason)
  }

  /** `elapsed` by Clock.elapsed; devices of other processes are left out of `devices`. */
  async look(devices: Iterable<Watched>, elapsed: number): Promise<void> {
    const all = [...devices]
    const newest = newestByType(all)
    const due: (Watched & { reason: NotScoredReason })[] = []
    const scored: string[] = []
    for (const one of all) {
      if (one.state.state === 'scored') {
        this.unscored.delete(one.device)
        if (this.open.has(one.device)) scored.push(one.device)
      } else if (this.isDue(one, one.state, newest, elapsed)) due.push({ ...one, reason: one.state.reason })
    }
    const news = due.filter(({ device, reason }) => this.open.get(device) !== reason)
    await this.parts.notices.open(news)
    for (const { device, reason } of news) this.open.set(device, reason)
    await this.parts.notices.close(scored)
    for (const device of scored) this.open.delete(device)
  }

  private isDue(
    { device, assetType }: Watched,
    { since, reason }: ScoringState & { state: 'not_scored' },
    newest: ReadonlyMap<string, number>,
    elapsed: number,
  ): boolean {
    const known = this.unscored.get(device)
    const first = known ?? { since, at: elapsed }
    if (!known) this.unscored.set(device, first)
    const limit = this.patience(assetType, reason)
    return elapsed - first.at > limit || (newest.get(assetType) ?? since) - first.since > limit
  }

  /** A device that is new has no window yet, and nobody can do anything about it. */
  private patience(assetType: string, reason: NotScoredReason): number {
    const type = this.parts.catalogue.get(assetType)
    if (reason !== 'too_little_history' || !type) return this.parts.afterMs
    return Math.max(this.parts.afterMs, type.window.minimum * type.cadenceMs + allowedLateness(type))
  }
}

/** Event time of the newest scored window of each asset type: a replay or a simulation runs faster than the clock. */
function newestByType(devices: readonly Watched[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const { assetType, state } of devices) {
    if (state.state === 'scored' && state.windowEnd > (newest.get(assetType) ?? Number.NEGATIVE_INFINITY))
      newest.set(assetType, state.windowEnd)
  }
  return newest
}
