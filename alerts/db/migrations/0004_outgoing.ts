import { type Kysely, sql } from 'kysely'

const statements = [
  sql`CREATE TABLE forewarn.receiver (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    settings jsonb NOT NULL,
    created_at bigint NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    due_at bigint NOT NULL DEFAULT 0,
    claimed_until bigint NOT NULL DEFAULT 0,
    claim text
  )`,
  // Written within the transaction of the change that it tells of. No foreign keys: nothing here may hold up a ticket.
  sql`CREATE TABLE forewarn.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid text NOT NULL DEFAULT 'msg_' || gen_random_uuid(),
    event text NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    detail jsonb NOT NULL,
    ticket jsonb,
    facts jsonb NOT NULL DEFAULT '{}',
    spread boolean NOT NULL DEFAULT false
  )`,
  sql`CREATE INDEX outbox_unspread ON forewarn.outbox (id) WHERE NOT spread`,
  sql`CREATE TABLE forewarn.delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receiver integer NOT NULL REFERENCES forewarn.receiver (id) ON DELETE CASCADE,
    message bigint NOT NULL REFERENCES forewarn.outbox (id),
    queued_at bigint NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
    tried integer NOT NULL DEFAULT 0,
    tries jsonb NOT NULL DEFAULT '[]'
  )`,
  sql`CREATE INDEX delivery_by_receiver ON forewarn.delivery (receiver, id)`,
  sql`CREATE INDEX delivery_pending ON forewarn.delivery (receiver, id) WHERE state = 'pending'`,
  sql`CREATE INDEX delivery_by_message ON forewarn.delivery (message)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
