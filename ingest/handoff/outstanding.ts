import type { LogPosition } from '../../core/reading.ts'

/** A slice's part for one partition, on its way to the score process. */
export interface Sent {
  /** The slice holds what lies in (from, position] of the log. */
  readonly from: LogPosition
  readonly position: LogPosition
  readonly readings: number
}

/** What was sent and is not scored yet, by partition; tells how far the log is done with. */
export class Outstanding {
  private readonly sent: Sent[][]

  constructor(partitions: number) {
    this.sent = Array.from({ length: partitions }, () => [])
  }

  /** Remembers a part once, also when it is sent again. */
  add(partition: number, part: Sent): void {
    const newest = this.sent[partition]!.at(-1)
    if (!newest || part.position > newest.position) this.sent[partition]!.push(part)
  }

  scoredUntil(partition: number, position: LogPosition): void {
    const parts = this.sent[partition]!
    while (parts[0] && parts[0].position <= position) parts.shift()
  }

  /**
   * The stream ends at `end`: what was sent beyond it is lost (a Redis that failed over, or began anew). Returns the
   * position from which to send again; undefined where nothing is missing.
   */
  lostBeyond(partition: number, end: LogPosition): LogPosition | undefined {
    const parts = this.sent[partition]!
    const first = parts.findIndex((part) => part.position > end)
    if (first < 0) return undefined
    const [lost] = parts.splice(first)
    return lost!.from
  }

  readings(): number {
    return this.sent.flat().reduce((sum, part) => sum + part.readings, 0)
  }

  /** Everything up to here is scored, if everything up to `after` was sent. */
  doneUntil(after: LogPosition): LogPosition {
    return Math.min(after, ...this.sent.flatMap(([first]) => (first ? [first.from] : [])))
  }
}
