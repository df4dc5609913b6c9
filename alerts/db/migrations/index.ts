import type { Kysely } from 'kysely'
import { up as ticketsRegisterAlarms } from './0001_tickets_register_alarms.ts'
import { up as policy } from './0002_policy.ts'

export interface Migration {
  readonly name: string
  up(db: Kysely<unknown>): Promise<void>
}

/** In the order in which they are applied. What has been released is never edited, only followed by another. */
export const migrations: readonly Migration[] = [
  { name: '0001_tickets_register_alarms', up: ticketsRegisterAlarms },
  { name: '0002_policy', up: policy },
]
