import { type Kysely, type Selectable, sql } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { PolicySetting, SettingChange, SettingWish } from '../../core/policySetting.ts'
import type { PolicySettingStore } from '../../core/ports.ts'
import type { Database, PolicySettingTable } from '../db/schema.ts'
import { transact } from '../db/transact.ts'

type Row = Selectable<PolicySettingTable>

const toChange = ({ id, at, actor, reason, before, after, figures }: Row): SettingChange => ({
  id,
  at: Number(at),
  actor,
  reason,
  before,
  after,
  figures,
})

/** What a row is about: with the asset type the place of a setting. */
const modeOf = (setting: PolicySetting): string => (setting.kind === 'automation' ? setting.mode : '')

/** Settings of the policy in PostgreSQL, a server's or PGlite's. */
export function createSettingStore(db: Kysely<Database>, clock: Pick<Clock, 'now'>): PolicySettingStore {
  const rows = () => db.selectFrom('forewarn.policy_setting').selectAll()

  return {
    async revision() {
      const query = db.selectFrom('forewarn.policy_setting').select((eb) => eb.fn.max('id').as('newest'))
      return (await query.executeTakeFirst())?.newest ?? 0
    },

    async inForce() {
      const found = await rows()
        .distinctOn(['kind', 'asset_type', 'mode'])
        .orderBy('kind')
        .orderBy('asset_type')
        .orderBy('mode')
        .orderBy('id', 'desc')
        .execute()
      return found.map(toChange)
    },

    async history(assetType, limit = 100) {
      const found = await rows()
        .$if(assetType !== undefined, (query) => query.where('asset_type', '=', assetType!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return found.map(toChange)
    },

    change: (wish) => transact(db, (trx) => change(trx, wish, clock.now())),
  }
}

/** One after the other: numbers are seen in the order in which they are given, so nobody who follows misses one. */
async function change(db: Kysely<Database>, wish: SettingWish, now: number): Promise<SettingChange> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('forewarn policy settings'))`.execute(db)
  const { setting, actor, reason, figures = {}, seen } = wish
  const mode = modeOf(setting)
  const newest = await db
    .selectFrom('forewarn.policy_setting')
    .selectAll()
    .where('kind', '=', setting.kind)
    .where('asset_type', '=', setting.assetType)
    .where('mode', '=', mode)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (seen !== undefined && seen !== (newest?.id ?? 0)) throw stale(setting, newest)
  const row = await db
    .insertInto('forewarn.policy_setting')
    .values({
      at: now,
      actor,
      reason,
      kind: setting.kind,
      asset_type: setting.assetType,
      mode,
      before: newest ? JSON.stringify(newest.after) : null,
      after: JSON.stringify(setting),
      figures: JSON.stringify(figures),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toChange(row)
}

const stale = ({ assetType }: PolicySetting, newest: Row | undefined) =>
  new ForewarnError('SETTING_STALE', {
    assetType,
    actor: newest?.actor ?? 'nobody',
    reason: newest?.reason ?? 'nothing is set',
  })
