import { type Kysely, sql } from 'kysely'

const statements = [
  sql`CREATE TABLE forewarn.policy_setting (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('threshold', 'automation')),
    asset_type text NOT NULL,
    mode text NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    figures jsonb NOT NULL
  )`,
  sql`CREATE INDEX policy_setting_in_force ON forewarn.policy_setting (kind, asset_type, mode, id)`,
  // Who changed what is append-only, for whoever holds a connection, too.
  sql`CREATE FUNCTION forewarn.refuse_rewriting_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the history of settings is append-only'; END $$`,
  sql`CREATE TRIGGER policy_setting_append_only BEFORE UPDATE OR DELETE ON forewarn.policy_setting
    FOR EACH ROW EXECUTE FUNCTION forewarn.refuse_rewriting_settings()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
