import type { Device, DeviceEdit, DeviceWish, LifeEvent } from './device.ts'
import type { MaintenanceWindow, NewMaintenance } from './maintenance.ts'
import type { ModelAction, ModelDecision, ModelsInForce, ModelVersion } from './model.ts'
import type { Notice } from './notice.ts'
import type { DeadLetter, DeadLetterReason, LogPosition, Reading, ReadingBatch } from './reading.ts'
import type { Score, ScoringState } from './score.ts'
import type { Prediction, Ticket, TicketChange, TicketEvent, TicketState } from './ticket.ts'

export type { Clock } from './clock.ts'

/*
 * The ports of the journey, in its order. Each has a contract suite in test/contracts that every adapter runs.
 * Errors are ForewarnErrors; their `next` says what the caller does.
 */

// --- reading log ---------------------------------------------------------------------------------------------------

/** What a consumer reads from the log: everything in (after, position], by asset type, in order of arrival. */
export interface LogSlice {
  readonly position: LogPosition
  readonly batches: readonly ReadingBatch[]
}

export interface LogStats {
  readonly bytes: number
  /** Newest block. */
  readonly last: LogPosition
  /** Readings behind the newest block that the consumer has not committed. */
  readonly behind: Readonly<Record<string, number>>
  /** Age in ms of the oldest reading that some consumer has not committed; 0 when none. */
  readonly oldestAgeMs: number
  /** The same for each consumer: age in ms of the oldest reading that it has not committed. */
  readonly ageMs: Readonly<Record<string, number>>
}

/** The consuming side, also openable from another thread. */
export interface LogReader {
  /** The next blocks after `after`, up to about `maxReadings`; undefined when there is nothing new. */
  read(after: LogPosition, maxReadings: number): LogSlice | undefined
  /** Newest position that can be read. */
  last(): LogPosition
  close(): Promise<void>
}

/**
 * How far each log was read, by name. In one process there is one log; where ingest and score processes share the work
 * there is one a partition.
 */
export type SourcePosition = Readonly<Record<string, LogPosition>>

export interface SourceSlice {
  readonly position: SourcePosition
  readonly batches: readonly ReadingBatch[]
}

/** What the scorer reads: readings in order of arrival per device, each slice after the one before. */
export interface ReadingSource {
  /** Resolves with the next slice, or undefined when nothing came for a moment. */
  next(maxReadings: number): Promise<SourceSlice | undefined>
  close(): Promise<void>
}

/** The spine: the only buffer between acknowledging a device and everything else. */
export interface ReadingLog extends LogReader {
  /**
   * Makes readings and dead letters durable together; resolves after they are on disk (group commit).
   * Throws LOG_FULL at the size cap, LOG_FAILED when the disk refuses: then nothing of this call was kept.
   */
  append(readings: readonly Reading[], deadLetters?: readonly DeadLetter[]): Promise<void>
  /** Position up to which the consumer is done; 0 for a new one. */
  cursor(consumer: string): LogPosition
  /** Moves a consumer's cursor; blocks behind all consumers are removed. */
  commit(consumer: string, position: LogPosition): Promise<void>
  stats(): LogStats
}

export interface DeadLetters {
  list(options?: { limit?: number; reason?: DeadLetterReason }): Promise<DeadLetter[]>
  /** Totals since the data folder was made: dead letters by reason, and readings in them. */
  counts(): Promise<{ byReason: Partial<Record<DeadLetterReason, number>>; readings: number }>
  remove(ids: readonly string[]): Promise<void>
}

// --- telemetry and scores ------------------------------------------------------------------------------------------

export interface RefusedReading {
  readonly reading: Reading
  /** One of `store_...`: what its dead letter says. */
  readonly reason: DeadLetterReason
  readonly detail: string
  readonly partial?: boolean
}

export interface WriteResult {
  /** Readings that are new in the store. */
  readonly stored: number
  /** Readings whose (device, time) it already had; the last write won. */
  readonly duplicates: number
  /**
   * Readings that it refused for good. `partial`: only the values in `reading` were refused, the rest of that reading
   * is stored (and counted in `stored` or `duplicates`).
   */
  readonly refused: readonly RefusedReading[]
}

export interface TrendBucket {
  /** Start of the bucket, ms. */
  readonly time: number
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
}

/** Which of a device's readings are wanted: the newest with time <= `until`, ms. */
export interface WindowWanted {
  readonly device: string
  readonly until: number
}

export interface TelemetryStore {
  /**
   * Writes all batches and remembers `position` (in the same transaction where the store has them).
   * Idempotent: (device, time) is the identity, last write wins. Throws STORE_UNAVAILABLE (retry) or
   * STORE_MISCONFIGURED (stop); single bad readings come back in `refused`.
   */
  write(batches: readonly ReadingBatch[], position: LogPosition): Promise<WriteResult>
  /** Position of the last write it remembers; undefined where the store keeps none (then the log's cursor counts). */
  cursor(): Promise<LogPosition | undefined>
  /** The newest `rows` readings of a device with time <= `until`, oldest first. */
  window(assetType: string, device: string, until: number, rows: number): Promise<ReadingBatch>
  /**
   * The same of many devices, each named once: each one's readings side by side, oldest first, devices in any order.
   * Few queries however many there are; all of it is in memory at once.
   */
  windows(assetType: string, wanted: readonly WindowWanted[], rows: number): Promise<ReadingBatch>
  /** Min, max, mean per bucket of `bucketMs` (aligned to multiples of it) in [from, to); empty buckets left out. */
  trend(
    assetType: string,
    device: string,
    channel: string,
    from: number,
    to: number,
    bucketMs: number,
  ): Promise<TrendBucket[]>
  /** Newest reading of every device of an asset type; values NaN where that reading has none. */
  latest(assetType: string): Promise<ReadingBatch>
  devices(assetType: string): Promise<{ device: string; site: string }[]>
  /** Stored readings per device. */
  counts(assetType: string): Promise<Map<string, number>>
  close(): Promise<void>
}

/** A score as it is kept and charted. */
export type StoredScore = Pick<
  Score,
  'device' | 'site' | 'assetType' | 'windowEnd' | 'model' | 'role' | 'anomaly' | 'rul' | 'failureProbability'
>

export interface ScoreStore {
  /** Idempotent by (device, windowEnd, model, role). */
  writeScores(scores: readonly StoredScore[]): Promise<void>
  /**
   * Scores of a device with from <= windowEnd < to, oldest first; thinned to about `limit` (default 2000). Of every role
   * where none is named.
   */
  scores(
    assetType: string,
    device: string,
    from: number,
    to: number,
    limit?: number,
    role?: Score['role'],
  ): Promise<StoredScore[]>
  scoreCount(): Promise<number>
}

/** A point of a measurement beside the readings, named in `series.ts`. Numbers are floats, times ms. */
export interface TrendRecord {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, number | string>>
  readonly time: number
}

/** What engineers explore beside readings and scores (Grafana): kept where they look, by InfluxDB. */
export interface TrendRecords {
  /** Idempotent by (measurement, tags, time). Fields that are not finite are left out. */
  record(records: readonly TrendRecord[]): Promise<void>
}

// --- models --------------------------------------------------------------------------------------------------------

export interface NewDecision {
  readonly action: Exclude<ModelAction, 'registered'>
  /** Whole hash; a roll-back finds its own. */
  readonly hash?: string | undefined
  readonly actor: string
  readonly reason: string
  readonly figures?: Readonly<Record<string, number>> | undefined
}

/** Versions of the models of every asset type, and who decided what about them. */
export interface ModelRegistry {
  /** In the order in which they were registered. */
  versions(assetType: string): Promise<ModelVersion[]>
  /** The whole history, oldest first. */
  decisions(assetType: string): Promise<ModelDecision[]>
  inForce(assetType: string): Promise<ModelsInForce>
  /**
   * Keeps a copy of the artifacts in `folder`; one that is there already changes nothing. Throws ARTIFACT_MISSING,
   * ARTIFACT_DAMAGED.
   */
  register(assetType: string, folder: string, by: { actor: string; reason: string }): Promise<ModelVersion>
  /** Folder with a version's artifacts, for reading alone. Throws MODEL_UNKNOWN. */
  folderOf(assetType: string, hash: string): Promise<string>
  /** Throws MODEL_UNKNOWN, MODEL_DECISION_INVALID; MODEL_STALE where somebody else decided meanwhile. */
  decide(assetType: string, decision: NewDecision): Promise<ModelDecision>
}

// --- alerts --------------------------------------------------------------------------------------------------------

export interface FailedPrediction {
  readonly id: string
  readonly prediction: Prediction
  readonly attempts: number
  readonly error: string
}

export interface PredictionQueue {
  /** Idempotent while the job is known; whoever handles it must be idempotent by prediction id all the same. */
  add(prediction: Prediction): Promise<void>
  /** Starts handling; a throwing handler is retried with exponential back-off, then kept as failed. */
  process(handler: (prediction: Prediction) => Promise<void>): Promise<void>
  counts(): Promise<{ waiting: number; active: number; delayed: number; failed: number }>
  failed(limit?: number): Promise<FailedPrediction[]>
  retry(id: string): Promise<void>
  close(): Promise<void>
}

export type RaiseOutcome = 'opened' | 'merged' | 'revised' | 'duplicate'

export interface TicketFilter {
  readonly states?: readonly TicketState[] | undefined
  readonly device?: string | undefined
  readonly limit?: number | undefined
}

export interface TicketStore {
  /**
   * Opens a ticket, or merges the prediction into the device's open one: same mode `merged`, other mode `revised`,
   * same prediction id again `duplicate`. So is one of an episode (device, raisedAt) whose ticket is finished: evidence
   * that was under way when a planner resolved it opens no second ticket. At most one open ticket per device and mode,
   * whatever comes at once.
   */
  raise(prediction: Prediction): Promise<{ ticket: Ticket; outcome: RaiseOutcome }>
  /** Throws TICKET_UNKNOWN, TICKET_TRANSITION, TICKET_STALE, TICKET_VERDICT_MISSING. */
  change(id: number, change: TicketChange): Promise<Ticket>
  /** Adds `commented` with detail {note} to the history; state and version stay. Throws TICKET_UNKNOWN. */
  comment(id: number, actor: string, note: string): Promise<Ticket>
  /** Throws TICKET_UNKNOWN. */
  get(id: number): Promise<Ticket>
  /** Newest first. */
  list(filter?: TicketFilter): Promise<Ticket[]>
  history(id: number): Promise<TicketEvent[]>
  countByState(): Promise<Partial<Record<TicketState, number>>>
}

export interface DeviceRegister {
  /** Registers devices that are new; known ones are left as they are. */
  seen(devices: readonly Pick<Device, 'device' | 'site' | 'assetType' | 'firstSeen'>[]): Promise<void>
  list(): Promise<Device[]>
  /** Throws DEVICE_UNKNOWN. */
  get(device: string): Promise<Device>
  /** Idempotent by (device, time, kind). */
  addEvent(event: LifeEvent): Promise<void>
  events(device: string): Promise<LifeEvent[]>
  /**
   * Changes what a person knows of a device; what is left out stays. Each change is kept with who and when. Throws
   * DEVICE_UNKNOWN, DEVICE_PARENT_INVALID (no such parent, or the device would hang on itself).
   */
  edit(device: string, wish: DeviceWish, by: { actor: string; at: number }): Promise<Device>
  /** What people changed, oldest first. */
  edits(device: string): Promise<DeviceEdit[]>
  /** The parent of every device that has one. */
  parents(): Promise<Map<string, string>>
}

/** Times in which scores count neither for nor against. */
export interface Maintenance {
  add(window: NewMaintenance): Promise<MaintenanceWindow>
  /** Newest first. */
  list(): Promise<MaintenanceWindow[]>
  /** Ends it at `at`, event time; one that has not begun then never does. Throws MAINTENANCE_UNKNOWN, MAINTENANCE_OVER. */
  end(id: number, by: { at: number; actor: string }): Promise<MaintenanceWindow>
}

export type NoticeOf = Pick<Notice, 'device' | 'site' | 'assetType' | 'reason'>

/** Notices about devices that are not scored. */
export interface Notices {
  /** Opens one for each device that has none open; where one stands it takes the new reason. */
  open(devices: readonly NoticeOf[]): Promise<void>
  /** Closes those that are open. */
  close(devices: readonly string[]): Promise<void>
  /** Newest first. */
  list(options?: { open?: boolean; device?: string; limit?: number }): Promise<Notice[]>
}

/** What the policy remembers of a scored window. */
export interface JudgedWindow {
  /** Event time of its last slot, ms. */
  readonly end: number
  readonly failureProbability: number
  readonly mode: string
  /** Event time of its first row, ms; absent in alarms from before it was kept. */
  readonly from?: number | undefined
}

/** Like decisions of the policy about one device, one after the other. Times are window ends, ms. */
export interface DecisionRun {
  readonly kind: 'raise' | 'update' | 'clear' | 'hold'
  /** Named reason, see `alerts/policy/decision.ts`. */
  readonly reason: string
  readonly from: number
  readonly until: number
  /** How many windows were decided so. */
  readonly windows: number
  /** What the reason leaves open: the parent that mutes, the maintenance in force. */
  readonly detail?: string | undefined
}

/** What the policy remembers of a device; serialisable as JSON. */
export interface DeviceAlarm {
  readonly device: string
  /** Window end of the newest score that was judged: older ones are not judged twice. */
  readonly judgedUntil: number
  /** The last n scored windows, oldest first: whether each was over the threshold. */
  readonly recent: readonly boolean[]
  readonly raised: boolean
  /** Suspected mode at the time of raising. */
  readonly mode: string | null
  /** Window end of the last decision that went to the queue while raised. */
  readonly lastSent: number
  /** The last n scored windows themselves, beside `recent`. */
  readonly windows: readonly JudgedWindow[]
  /** Window end at which it was raised; null while it is not. Names the episode, see Prediction.raisedAt. */
  readonly raisedAt: number | null
  /** Scored windows since the last decision that went to the queue. */
  readonly sinceSent: number
  /**
   * What was decided lately, newest last, at most 30 runs: why there is, or is not, a ticket. Absent in alarms from before
   * it was kept.
   */
  readonly trail?: readonly DecisionRun[] | undefined
  /** When it was last installed, repaired or replaced, ms: windows with rows up to then say nothing about it. */
  readonly renewedAt?: number | undefined
  /** Its last planned stop, which mutes it: windows that end in [from, until). */
  readonly stop?: { readonly from: number; readonly until: number } | undefined
}

export interface AlarmState {
  load(): Promise<Map<string, DeviceAlarm>>
  /** Of one device; undefined while nothing of it was judged. */
  of(device: string): Promise<DeviceAlarm | undefined>
  save(alarms: readonly DeviceAlarm[]): Promise<void>
  /** Those of these devices whose alarm stands. */
  standing(devices: readonly string[]): Promise<Set<string>>
}

// --- live changes --------------------------------------------------------------------------------------------------

export type LiveEvent =
  | { readonly kind: 'ticket'; readonly ticket: Ticket; readonly change: string }
  | { readonly kind: 'scores'; readonly scores: readonly LiveScore[] }
  | { readonly kind: 'device'; readonly device: string; readonly state: ScoringState }
  | { readonly kind: 'notice'; readonly notice: Notice }

export type LiveScore = StoredScore & {
  readonly suspectedMode: string
  readonly contributions: Score['contributions']
}

export interface EventBus {
  publish(event: LiveEvent): void
  /** Returns the way to stop. */
  subscribe(handler: (event: LiveEvent) => void): () => void
}
