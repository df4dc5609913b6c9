import { type Kysely, sql } from 'kysely'

const statements = [
  // The assessment is kept, so that lists sort and filter by it; a finished ticket keeps the one it was worked on with.
  sql`ALTER TABLE forewarn.ticket
    ADD COLUMN assessment jsonb,
    ADD COLUMN priority text CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    ADD COLUMN priority_score double precision,
    ADD COLUMN act_by bigint,
    ADD COLUMN automation text NOT NULL DEFAULT 'automatic' CHECK (automation IN ('suggest', 'automatic')),
    ADD COLUMN merged_into integer REFERENCES forewarn.ticket (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN split_from integer REFERENCES forewarn.ticket (id) DEFERRABLE INITIALLY DEFERRED`,
  sql`CREATE INDEX ticket_by_act_by ON forewarn.ticket (act_by, id)`,
  sql`CREATE INDEX ticket_by_verdict ON forewarn.ticket (asset_type, mode, closed_at) WHERE verdict IS NOT NULL`,
  sql`CREATE INDEX seen_prediction_by_ticket ON forewarn.seen_prediction (ticket)`,

  // Which version a change led to: a stale edit is told what it has missed. Null in events from before.
  sql`ALTER TABLE forewarn.ticket_event ADD COLUMN version integer`,

  // Null: as the catalogue says.
  sql`ALTER TABLE forewarn.device ADD COLUMN usage_per_day double precision CHECK (usage_per_day > 0)`,

  sql`CREATE TABLE forewarn.attachment (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket integer NOT NULL REFERENCES forewarn.ticket (id),
    name text NOT NULL,
    type text NOT NULL,
    bytes integer NOT NULL,
    sha256 text NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    removed_at bigint
  )`,
  sql`CREATE INDEX attachment_by_ticket ON forewarn.attachment (ticket, id)`,
  sql`CREATE INDEX attachment_by_content ON forewarn.attachment (sha256)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
