import type { Catalogue } from '../../../../core/catalogue.ts'
import type { Clock } from '../../../../core/clock.ts'
import { ForewarnError, messageOf } from '../../../../core/errors.ts'
import { hourMs } from '../../../../core/series.ts'
import { Pace } from '../../pace.ts'
import type { OnNotice } from '../../store.ts'
import { WriteRefused } from '../answers.ts'
import type { InfluxClient } from '../client.ts'
import type { NewestTimes } from '../plan.ts'
import { rollUp } from './compute.ts'
import { missingHours } from './recover.ts'
import type { Hours, TouchedHours } from './touchedHours.ts'

export interface RollupOptions {
  readonly client: InfluxClient
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly touched: TouchedHours
  readonly notice: OnNotice
  /** What is known of the store, once it is open; another object once it was opened anew. Throws while it is away. */
  opened(): Promise<Opened>
  /** Makes what they need, if it is missing and we may. */
  prepareAgain(): Promise<void>
}

export interface Opened {
  readonly newest: NewestTimes
  /** How long raw readings are kept, ms; 0 for ever. */
  readonly retentionMs: number
}

const idleMs = 1_000
const portionHours = 96
const backoff = { firstMs: 1_000, mostMs: 30_000 } as const

/**
 * Keeps the hourly roll-ups up to date, one request at a time and paced, so that the writer hardly notices: at first
 * what an earlier run left undone, then what gets touched. While the store is away, or refuses, it waits and tries
 * again; hours are not forgotten by that. Resolves once `signal` aborts; never throws.
 */
export async function runRollups(options: RollupOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options
  const run = new Rollups(options, new Pace(clock, signal))
  for (let failures = 0; !signal.aborted; ) {
    try {
      const isBusy = await run.step()
      failures = 0
      if (!isBusy) await clock.sleep(idleMs, signal)
    } catch (error) {
      run.report(error)
      await clock.sleep(Math.min(backoff.mostMs, backoff.firstMs * 2 ** failures++), signal)
    }
  }
}

class Rollups {
  private readonly options: RollupOptions
  private readonly pace: Pace
  /** What an earlier run left undone was looked for in this. */
  private recovered: Opened | undefined
  private reported = ''
  private isRefused = false

  constructor(options: RollupOptions, pace: Pace) {
    this.options = options
    this.pace = pace
  }

  /** True where there may be more to do at once. */
  async step(): Promise<boolean> {
    const { clock, touched } = this.options
    const opened = await this.options.opened()
    if (this.isRefused) await this.options.prepareAgain()
    if (this.recovered !== opened) await this.recover(opened)
    const newest = (assetType: string, device: string) =>
      opened.newest.get(assetType)?.get(device) ?? Number.NEGATIVE_INFINITY
    const hours = touched.take(newest, clock.elapsed(), portionHours)
    if (hours.length > 0) await this.rollUp(hours, opened)
    this.reported = ''
    this.isRefused = false
    return hours.length > 0
  }

  /** Once per state of things: a store that is away is told by the writer. */
  report(error: unknown): void {
    if (error instanceof ForewarnError && error.next === 'retry') return
    this.isRefused = true
    const detail = `no hourly roll-ups: ${messageOf(error)}`
    if (detail === this.reported) return
    this.reported = detail
    const remedy = error instanceof ForewarnError ? error.remedy : 'Please report it with the log around it.'
    this.options.notice({ detail, remedy })
  }

  private async recover(opened: Opened): Promise<void> {
    const { client, catalogue, touched, clock } = this.options
    const since = this.keptSince(opened)
    for (const assetType of catalogue.keys()) {
      const newest = opened.newest.get(assetType) ?? new Map<string, number>()
      for await (const hours of missingHours(client, assetType, newest, since, this.pace)) {
        touched.add(hours, clock.elapsed())
      }
    }
    this.recovered = opened
  }

  private async rollUp(hours: readonly Hours[], opened: Opened): Promise<void> {
    const { client, catalogue, touched, clock } = this.options
    try {
      await rollUp(client, catalogue, within(hours, this.keptSince(opened)), this.pace)
    } catch (error) {
      // Refused for good: their values would come back the same, so others are not held up by them.
      if (!(error instanceof WriteRefused)) for (const one of hours) touched.add(one, clock.elapsed())
      throw error
    } finally {
      touched.settle()
    }
  }

  /** Retention takes the readings of an hour piece by piece: the half that is left must not replace the whole. */
  private keptSince({ retentionMs }: Opened): number {
    if (retentionMs === 0) return Number.NEGATIVE_INFINITY
    return Math.ceil((this.options.clock.now() - retentionMs) / hourMs) * hourMs
  }
}

const within = (hours: readonly Hours[], since: number): Hours[] =>
  hours.filter(({ to }) => to > since).map((one) => ({ ...one, from: Math.max(one.from, since) }))
