import type { DeadLetters, ReadingLog } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'

/** A device as the log's dictionary knows it. */
export interface KnownDevice {
  readonly device: string
  readonly site: string
  readonly assetType: string
}

/** What the openers of this folder return: the port with the dead letters and the devices that lie beside it. */
export interface OpenLog extends ReadingLog {
  readonly deadLetters: DeadLetters
  /**
   * A new log gives its blocks positions after this one: its predecessor was moved away, but the store remembers how far
   * it had taken that. Does nothing when the log is that far already; throws LOG_DAMAGED when it ends before, but is
   * not new, for then blocks are missing.
   */
  continueAfter(position: LogPosition): Promise<void>
  /** Every device that was ever logged, in order of first appearance. */
  devices(): readonly KnownDevice[]
  /** Readings ever appended, since the folder was made. */
  appended(): number
}
