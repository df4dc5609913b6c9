import { type Kysely, sql } from 'kysely'
import { problemOf, type ServiceFinding } from '../finding.ts'
import { migrations } from './migrations/index.ts'
import { oldestVersion, serverVersion } from './open.ts'
import { connectPostgres, everydayLimits, type PostgresConnection } from './postgres.ts'
import type { PostgresSettings } from './postgresUrl.ts'
import type { Database } from './schema.ts'

/**
 * Looks at the PostgreSQL that `tickets.url` names, and changes nothing: which version, whether it takes writes and
 * keeps them, the schema and the rights on it. Never throws.
 */
export async function examinePostgres(settings: PostgresSettings): Promise<ServiceFinding[]> {
  let connection: PostgresConnection | undefined
  try {
    connection = connectPostgres(settings, { ...everydayLimits, connections: 1 }, () => undefined)
    return await look(connection)
  } catch (error) {
    return [problemOf(error)]
  } finally {
    await connection?.close()
  }
}

async function look({ db, name }: PostgresConnection): Promise<ServiceFinding[]> {
  const { number, text } = await serverVersion(db)
  const facts = await askFacts(db)
  const version: ServiceFinding =
    number >= oldestVersion
      ? { level: 'ok', detail: `${name} answers: PostgreSQL ${text}` }
      : {
          level: 'problem',
          detail: `${name} runs PostgreSQL ${text}`,
          remedy: 'Install PostgreSQL 13 or newer.',
        }
  return [version, ...risksOf(facts), await schemaOf(db, facts)]
}

interface Facts {
  readonly standby: boolean
  readonly fsync: string
  readonly commits: string
  readonly mayCreate: boolean
  readonly user: string
  readonly database: string
  readonly schema: boolean
}

async function askFacts(db: Kysely<Database>): Promise<Facts> {
  const { rows } = await sql<Facts>`SELECT
    pg_is_in_recovery() AS standby,
    current_setting('fsync') AS fsync,
    current_setting('synchronous_commit') AS commits,
    has_database_privilege(current_database(), 'CREATE') AS "mayCreate",
    current_user AS "user",
    current_database() AS database,
    EXISTS (SELECT FROM pg_namespace WHERE nspname = 'forewarn') AS schema`.execute(db)
  return rows[0]!
}

function risksOf({ standby, fsync, commits }: Facts): ServiceFinding[] {
  const risks: ServiceFinding[] = []
  if (standby) {
    const remedy = 'Name the primary in tickets.url.'
    risks.push({ level: 'problem', detail: 'it is a standby, which takes no writes', remedy })
  }
  if (fsync === 'off') {
    const remedy = 'Set fsync = on in postgresql.conf.'
    risks.push({
      level: 'warning',
      detail: 'a crash of its machine may destroy the database (fsync off)',
      remedy,
    })
  }
  if (commits === 'off') {
    const remedy = 'Set synchronous_commit = on in postgresql.conf.'
    const detail = 'a crash may lose tickets that were already acknowledged (synchronous_commit off)'
    risks.push({ level: 'warning', detail, remedy })
  }
  return risks
}

async function schemaOf(
  db: Kysely<Database>,
  { schema, mayCreate, user, database }: Facts,
): Promise<ServiceFinding> {
  if (!schema && mayCreate) return { level: 'ok', detail: 'the schema forewarn is made by the first start' }
  if (!schema) {
    const remedy = `As an administrator: CREATE SCHEMA forewarn AUTHORIZATION "${user}" in database ${database}.`
    return { level: 'problem', detail: `user ${user} may not make the schema forewarn`, remedy }
  }
  const applied = await db.selectFrom('forewarn.migration').select('name').orderBy('name').execute()
  const names = applied.map((row) => row.name)
  const newer = names.find((name) => !migrations.some((migration) => migration.name === name))
  if (newer !== undefined) {
    const remedy = 'Use that version of forewarn, or newer.'
    return { level: 'problem', detail: `a newer forewarn has made the schema (it has ${newer})`, remedy }
  }
  const missing = migrations.length - names.length
  const rest = missing === 0 ? 'up to date' : `${missing} migrations are applied by the next start`
  return { level: 'ok', detail: `schema forewarn, ${rest}` }
}
