import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { DeviceWish } from '../../core/device.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { Database, DeviceTable } from '../db/schema.ts'

type Trx = Transaction<Database>
type Row = Selectable<DeviceTable>

/** Throws DEVICE_UNKNOWN. */
export async function selectDevice(db: Kysely<Database>, device: string): Promise<Row> {
  const query = db.selectFrom('forewarn.device').selectAll().where('device', '=', device)
  const row = await query.executeTakeFirst()
  if (!row) throw new ForewarnError('DEVICE_UNKNOWN', { device })
  return row
}

/** Edits of parents take turns: two at once, each sound by itself, could make a circle. */
const takeTurns = (trx: Trx) =>
  sql`SELECT pg_advisory_xact_lock(hashtext(${'forewarn register'}))`.execute(trx)

/** Changes what differs, and keeps who changed it. Throws DEVICE_UNKNOWN, DEVICE_PARENT_INVALID. */
export async function editDevice(
  trx: Trx,
  device: string,
  { parent, criticality }: DeviceWish,
  { actor, at }: { actor: string; at: number },
): Promise<Row> {
  await takeTurns(trx)
  const before = await selectDevice(trx, device)
  if (parent !== undefined && parent !== null) await assertParent(trx, device, parent)
  const after = {
    parent: parent === undefined ? before.parent : parent,
    criticality: criticality ?? before.criticality,
  }
  const fields = (['parent', 'criticality'] as const).filter((field) => before[field] !== after[field])
  if (fields.length === 0) return before
  await trx
    .insertInto('forewarn.device_edit')
    .values(fields.map((field) => ({ device, at, actor, field, before: before[field], after: after[field] })))
    .execute()
  return trx
    .updateTable('forewarn.device')
    .set(after)
    .where('device', '=', device)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The parent is known, and does not hang on the device, over whatever lies between. */
async function assertParent(trx: Trx, device: string, parent: string): Promise<void> {
  const refuse = (problem: string) => new ForewarnError('DEVICE_PARENT_INVALID', { device, parent, problem })
  if (parent === device) throw refuse('nothing hangs on itself')
  for (let above: string | null = parent; above !== null; ) {
    if (above === device) throw refuse(`${parent} hangs on ${device} already`)
    const row: { parent: string | null } | undefined = await trx
      .selectFrom('forewarn.device')
      .select('parent')
      .where('device', '=', above)
      .executeTakeFirst()
    if (!row) throw refuse(`the register has no ${above}`)
    above = row.parent
  }
}
