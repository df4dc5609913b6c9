/** The truth about one fault of one simulated machine. Times are event times in ms. */
export interface Episode {
  readonly device: string
  readonly mode: string
  /** Whether someone asked for it; otherwise it came by itself. */
  readonly ordered: boolean
  /** First sign. */
  readonly brokenAt: number
  /** When it ends in failure unless it is repaired before. */
  readonly failureAt: number
  /** `superseded`: another fault was started on top of it. */
  readonly outcome: 'developing' | 'failed' | 'repaired' | 'superseded'
  readonly endedAt: number | null
}
