import { type Kysely, sql } from 'kysely'

const statements = [
  sql`CREATE TABLE forewarn.maintenance (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('device', 'site', 'asset_type')),
    of_name text NOT NULL,
    from_time bigint NOT NULL,
    to_time bigint NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    ended_by text,
    CHECK (from_time <= to_time)
  )`,

  sql`CREATE TABLE forewarn.notice (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL,
    site text NOT NULL,
    asset_type text NOT NULL,
    reason text NOT NULL,
    opened_at bigint NOT NULL,
    closed_at bigint
  )`,
  // One open notice a device, whichever process sees it first.
  sql`CREATE UNIQUE INDEX notice_one_open ON forewarn.notice (device) WHERE closed_at IS NULL`,

  sql`CREATE TABLE forewarn.device_edit (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL REFERENCES forewarn.device (device),
    at bigint NOT NULL,
    actor text NOT NULL,
    field text NOT NULL CHECK (field IN ('parent', 'criticality')),
    before text,
    after text
  )`,
  sql`CREATE INDEX device_edit_by_device ON forewarn.device_edit (device, id)`,
  sql`CREATE INDEX device_by_site ON forewarn.device (site)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
