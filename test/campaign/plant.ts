import type { Findings } from './check.ts'

/** An end of a process that nobody asked for. */
export interface UnaskedEnd {
  readonly atStart: boolean
  readonly text: string
}

/** An installation under test, with its data, for some rounds. */
export interface Plant {
  /** Where its data lies, to look at after a round that failed. */
  readonly folder: string
  /** Where devices publish to; undefined while nobody listens. */
  mqttUrl(): string | undefined
  /** Of the page and API; undefined while it is down. */
  httpUrl(): string | undefined
  /** Starts what is down. Resolves when it listens. */
  start(): Promise<void>
  /** Resolves when everything acknowledged, at least so many readings, is stored, scored and handled. */
  settled(atLeast: number): Promise<void>
  /** What it holds, once it has settled. */
  findings(): Promise<Findings>
  /** What ended that should not have, since the last call. */
  unasked(): readonly UnaskedEnd[]
  close(options: { readonly keep: boolean }): Promise<void>
}
