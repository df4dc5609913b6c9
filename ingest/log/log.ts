import type { DeadLetters, ReadingLog } from '../../core/ports.ts'

/** A device as the log's dictionary knows it. */
export interface KnownDevice {
  readonly device: string
  readonly site: string
  readonly assetType: string
}

/** What the openers of this folder return: the port with the dead letters and the devices that lie beside it. */
export interface OpenLog extends ReadingLog {
  readonly deadLetters: DeadLetters
  /** Every device that was ever logged, in order of first appearance. */
  devices(): readonly KnownDevice[]
  /** Readings ever appended, since the folder was made. */
  appended(): number
}
