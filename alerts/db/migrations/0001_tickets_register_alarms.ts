import { type Kysely, sql } from 'kysely'

const statements = [
  sql`CREATE TABLE forewarn.ticket (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL,
    site text NOT NULL,
    asset_type text NOT NULL,
    mode text NOT NULL,
    state text NOT NULL CHECK (state IN
      ('open', 'acknowledged', 'scheduled', 'in_progress', 'resolved', 'closed', 'withdrawn')),
    version integer NOT NULL DEFAULT 1,
    opened_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    closed_at bigint,
    scheduled_for bigint,
    verdict text CHECK (verdict IN ('confirmed', 'no_fault_found', 'false_alarm', 'not_inspected')),
    verdict_mode text,
    prediction jsonb NOT NULL,
    predictions integer NOT NULL DEFAULT 1,
    publish_to_ticket_ms double precision,
    CHECK ((closed_at IS NULL) = (state NOT IN ('resolved', 'closed', 'withdrawn')))
  )`,
  // One open ticket per device and failure mode, whatever comes at once.
  sql`CREATE UNIQUE INDEX ticket_one_open ON forewarn.ticket (device, mode) WHERE closed_at IS NULL`,
  sql`CREATE INDEX ticket_by_state ON forewarn.ticket (state, id)`,
  sql`CREATE INDEX ticket_by_device ON forewarn.ticket (device, id)`,

  sql`CREATE TABLE forewarn.seen_prediction (
    id text PRIMARY KEY,
    ticket integer NOT NULL REFERENCES forewarn.ticket (id),
    device text NOT NULL,
    raised_at bigint NOT NULL
  )`,
  sql`CREATE INDEX seen_prediction_by_episode ON forewarn.seen_prediction (device, raised_at)`,

  sql`CREATE TABLE forewarn.ticket_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket integer NOT NULL REFERENCES forewarn.ticket (id),
    at bigint NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL
  )`,
  sql`CREATE INDEX ticket_event_by_ticket ON forewarn.ticket_event (ticket, id)`,
  // History is append-only, for whoever holds a connection, too.
  sql`CREATE FUNCTION forewarn.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the history of tickets is append-only'; END $$`,
  sql`CREATE TRIGGER ticket_event_append_only BEFORE UPDATE OR DELETE ON forewarn.ticket_event
    FOR EACH ROW EXECUTE FUNCTION forewarn.refuse_rewriting()`,

  sql`CREATE TABLE forewarn.device (
    device text PRIMARY KEY,
    site text NOT NULL,
    asset_type text NOT NULL,
    parent text,
    criticality text NOT NULL DEFAULT 'medium' CHECK (criticality IN ('low', 'medium', 'high')),
    first_seen bigint NOT NULL
  )`,
  // No foreign key: a device may be reported as installed before its first reading.
  sql`CREATE TABLE forewarn.life_event (
    device text NOT NULL,
    time bigint NOT NULL,
    kind text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (device, time, kind)
  )`,

  sql`CREATE TABLE forewarn.alarm (
    device text PRIMARY KEY,
    state jsonb NOT NULL
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
