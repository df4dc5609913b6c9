/** What a publisher process is told. */
export interface Load {
  readonly host: string
  readonly port: number
  readonly connections: number
  /** Devices, spread over the connections; each keeps to its own. Default: one a connection. */
  readonly devices?: number
  /** Unacknowledged messages a connection may have under way. */
  readonly window: number
  /** Messages a second over all connections; undefined: as fast as acknowledgements come. */
  readonly rate?: number
  /** The most that it takes; with `readings` it may be less. */
  readonly seconds: number
  /** Readings of every device: with them all fleets end in step, whatever the connections' pace. */
  readonly readings?: number
  readonly assetType: string
  /** Event time of every device's first reading, ms; each device goes on by `cadenceMs`. */
  readonly from: number
  readonly cadenceMs: number
  /** Put the wall clock into every message, as `publishedAt`. */
  readonly stamped?: boolean
  /** After the last message acknowledgements are waited for so long, ms; default 30,000. */
  readonly graceMs?: number
  /** Prefix of device names; default `d`. */
  readonly prefix?: string
  /** A connection that breaks comes back after so long, ms; default: it stays broken. */
  readonly reconnectMs?: number
}

/** What it saw. */
export interface LoadResult {
  readonly sent: number
  readonly acknowledged: number
  /** Acknowledged before the last message was sent: what the rate is made of. */
  readonly acknowledgedInTime: number
  /** Time between the first and the last message sent, s. */
  readonly seconds: number
  readonly ackP50Ms: number | null
  readonly ackP99Ms: number | null
  readonly ackMaxMs: number | null
  /** Acknowledgements that came for another message than the oldest of their connection. */
  readonly outOfOrder: number
  /** Connections that ended before their time. */
  readonly broken: number
  /** Times that a connection came back. */
  readonly reconnects: number
  readonly perSecond: readonly number[]
  /** CPU time of the publisher, s. */
  readonly cpuSeconds: number
}
