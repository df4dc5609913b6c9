import type { LoadResult } from '../publisher/publisher.ts'

/** What takes messages from a broker into InfluxDB, with all that belongs to it. */
export interface Subject {
  /** Where the publisher publishes. */
  readonly port: number
  /** By name, for the CPU time of each. */
  readonly pids: Readonly<Record<string, number>>
  /** Readings of the devices with this prefix that InfluxDB returns. */
  stored(prefix: string): Promise<number>
  /** Readings that wait for something else than being stored; undefined: there is nothing of the kind. */
  readonly waiting?: () => Promise<number>
  close(): Promise<void>
}

/** How one rate went. */
export interface Trial {
  /** Offered, messages a second; undefined: as many as were acknowledged. */
  readonly rate: number | undefined
  readonly load: LoadResult
  /** Acknowledged and not yet stored and scored when the publisher stopped, in seconds of the input. */
  readonly backlogSeconds: number
  /** Once nothing more came. */
  readonly stored: number
  /** From the publisher's end until everything was stored; null where that did not come. */
  readonly catchUpSeconds: number | null
  /** CPU cores used while the publisher published, by process. */
  readonly cores: Readonly<Record<string, number>>
}
