import type { NotScoredReason } from './score.ts'

/** A device has not been scored for a while: something to look at, never an alarm. One a device is open, and closes itself. */
export interface Notice {
  readonly id: number
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly reason: NotScoredReason
  readonly openedAt: number
  /** When it was scored again; null while it is not. */
  readonly closedAt: number | null
}
