import type { ColumnType, Generated } from 'kysely'
import type { LifeEvent } from '../../core/device.ts'
import type { MaintenanceScope } from '../../core/maintenance.ts'
import type { DeviceAlarm } from '../../core/ports.ts'
import type { NotScoredReason } from '../../core/score.ts'
import type { Prediction, TicketState, Verdict } from '../../core/ticket.ts'

/*
 * Everything of ours lives in the schema `forewarn`: BullMQ owns names like `event` and `job` in the search path.
 * Times are ms since the epoch. `bigint` arrives as a string from `pg`; jsonb goes in as text.
 */
export type Milliseconds = ColumnType<string, number, number>
type NullableMilliseconds = ColumnType<string | null, number | null, number | null>
type Json<T> = ColumnType<T, string, string>

export interface TicketTable {
  id: Generated<number>
  device: string
  site: string
  asset_type: string
  mode: string
  state: TicketState
  version: number
  opened_at: Milliseconds
  updated_at: Milliseconds
  /** Set while the state is resolved, closed or withdrawn: the one-open-ticket index looks at it. */
  closed_at: NullableMilliseconds
  scheduled_for: NullableMilliseconds
  verdict: Verdict | null
  verdict_mode: string | null
  prediction: Json<Prediction>
  predictions: number
  publish_to_ticket_ms: number | null
}

/** Which predictions were taken in, for good: a redelivered one is a duplicate even when its ticket is finished. */
export interface SeenPredictionTable {
  id: string
  ticket: number
  /** With `raised_at` the alarm's episode. */
  device: string
  raised_at: Milliseconds
}

export interface TicketEventTable {
  id: Generated<string>
  ticket: number
  at: Milliseconds
  actor: string
  kind: string
  detail: Json<Record<string, unknown>>
}

export interface DeviceTable {
  device: string
  site: string
  asset_type: string
  parent: string | null
  criticality: 'low' | 'medium' | 'high'
  first_seen: Milliseconds
}

export interface LifeEventTable {
  device: string
  time: Milliseconds
  kind: LifeEvent['kind']
  detail: string
}

export interface AlarmTable {
  device: string
  state: Json<DeviceAlarm>
}

export interface MaintenanceTable {
  id: Generated<number>
  scope: MaintenanceScope
  of_name: string
  from_time: Milliseconds
  to_time: Milliseconds
  reason: string
  actor: string
  ended_by: string | null
}

export interface NoticeTable {
  id: Generated<number>
  device: string
  site: string
  asset_type: string
  reason: NotScoredReason
  opened_at: Milliseconds
  /** Not null once it is closed: the one-open-notice index looks at it. */
  closed_at: NullableMilliseconds
}

export interface DeviceEditTable {
  id: Generated<number>
  device: string
  at: Milliseconds
  actor: string
  field: 'parent' | 'criticality'
  before: string | null
  after: string | null
}

export interface MigrationTable {
  name: string
  applied_at: Milliseconds
}

export interface Database {
  'forewarn.ticket': TicketTable
  'forewarn.seen_prediction': SeenPredictionTable
  'forewarn.ticket_event': TicketEventTable
  'forewarn.device': DeviceTable
  'forewarn.life_event': LifeEventTable
  'forewarn.alarm': AlarmTable
  'forewarn.maintenance': MaintenanceTable
  'forewarn.notice': NoticeTable
  'forewarn.device_edit': DeviceEditTable
  'forewarn.migration': MigrationTable
}
