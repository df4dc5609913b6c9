/** A database with its retention policy (1.x), a bucket (2.x), a database (3), as it was found. */
export interface Found {
  /** 0: for ever. */
  readonly retentionMs: number
  /** 2.x: what its API calls it. */
  readonly id?: string
}

/** What a flavour can say and do about the places where readings and roll-ups lie. Names are those of buckets. */
export interface Places {
  /** Undefined where it is not there, or not ours to see. */
  find(bucket: string): Promise<Found | undefined>
  /** Throws STORE_MISCONFIGURED where that is not allowed. `retentionMs` 0: for ever. */
  create(bucket: string, retentionMs: number): Promise<void>
  /** Throws STORE_MISCONFIGURED where that is not allowed or not possible. */
  keepFor(bucket: string, found: Found, retentionMs: number): Promise<void>
  /** The same by hand, for someone who may. */
  readonly byHand: {
    create(bucket: string, retentionMs: number): string
    keepFor(bucket: string, retentionMs: number): string
  }
}

/** Roll-ups are few and old: long shards. */
export const hourlyShardDays = 182
