import { createHash } from 'node:crypto'
import { type Kysely, type Selectable, sql } from 'kysely'
import {
  type Attachment,
  type AttachmentType,
  attachmentName,
  attachmentTypeOf,
} from '../../core/attachment.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { AttachmentStore } from '../../core/ports.ts'
import type { AttachmentTable, Database } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import { lockTicket } from '../tickets/change.ts'
import { record, type Trx } from '../tickets/rows.ts'
import type { ContentFolder } from './contentFolder.ts'

export interface AttachmentStoreOptions {
  readonly clock: Clock
  readonly folder: ContentFolder
  readonly limits: { readonly maxBytes: number; readonly perTicket: number }
  /** Told after the commit: `attached` or `detached`. */
  readonly onChange?: ((ticket: number, change: string) => void) | undefined
}

/** Rows in the database, contents in a folder. A row is never without its content; a content may wait for its row. */
export function createAttachmentStore(
  db: Kysely<Database>,
  { clock, folder, limits, onChange }: AttachmentStoreOptions,
): AttachmentStore {
  async function find(ticket: number, id: number): Promise<Attachment> {
    const row = await live(db).where('ticket', '=', ticket).where('id', '=', id).executeTakeFirst()
    if (!row) throw new ForewarnError('ATTACHMENT_UNKNOWN', { ticket, attachment: id })
    return toAttachment(row)
  }

  return {
    async add(ticket, { name: given, content, actor }) {
      const name = attachmentName(given)
      const refused = (problem: string) => new ForewarnError('ATTACHMENT_REFUSED', { name, problem })
      const type = attachmentTypeOf(name, content)
      if (content.length > limits.maxBytes) throw refused(`it is larger than ${limits.maxBytes} bytes`)
      const sha256 = createHash('sha256').update(content).digest('hex')
      const row = await transact(db, async (trx) => {
        const { version } = await lockTicket(trx, ticket)
        await takeTurns(trx, sha256)
        if ((await countOf(trx, ticket)) >= limits.perTicket)
          throw refused(`ticket ${ticket} has ${limits.perTicket} files already, and may have no more`)
        await folder.put(sha256, content)
        const at = clock.now()
        const kept = await trx
          .insertInto('forewarn.attachment')
          .values({ ticket, name, type, bytes: content.length, sha256, at, actor, removed_at: null })
          .returningAll()
          .executeTakeFirstOrThrow()
        const detail = { attachment: kept.id, name, bytes: content.length, sha256 }
        await record(trx, { ticket, at, actor, kind: 'attached', detail, version })
        return kept
      })
      onChange?.(ticket, 'attached')
      return toAttachment(row)
    },

    async list(ticket) {
      const rows = await live(db).where('ticket', '=', ticket).orderBy('id').execute()
      return rows.map(toAttachment)
    },

    async read(ticket, id) {
      const attachment = await find(ticket, id)
      const content = await folder.get(attachment.sha256)
      if (!content) throw new ForewarnError('ATTACHMENT_UNKNOWN', { ticket, attachment: id })
      return { attachment, content }
    },

    async remove(ticket, id, actor) {
      const { name, sha256 } = await find(ticket, id)
      await transact(db, async (trx) => {
        const { version } = await lockTicket(trx, ticket)
        const at = clock.now()
        const gone = await trx
          .updateTable('forewarn.attachment')
          .set({ removed_at: at })
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .executeTakeFirst()
        if (gone.numUpdatedRows === 0n)
          throw new ForewarnError('ATTACHMENT_UNKNOWN', { ticket, attachment: id })
        const detail = { attachment: id, name }
        await record(trx, { ticket, at, actor, kind: 'detached', detail, version })
      })
      await transact(db, (trx) => removeUnused(trx, folder, sha256))
      onChange?.(ticket, 'detached')
    },
  }
}

const live = (db: Kysely<Database>) =>
  db.selectFrom('forewarn.attachment').selectAll().where('removed_at', 'is', null)

const toAttachment = (row: Selectable<AttachmentTable>): Attachment => ({
  id: row.id,
  ticket: row.ticket,
  name: row.name,
  type: row.type as AttachmentType,
  bytes: row.bytes,
  sha256: row.sha256,
  at: Number(row.at),
  actor: row.actor,
})

async function countOf(trx: Trx, ticket: number): Promise<number> {
  const { count } = await trx
    .selectFrom('forewarn.attachment')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('ticket', '=', ticket)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Whoever brings a content and whoever takes it away take turns: it is not taken from under a row that is new. */
const takeTurns = (trx: Trx, sha256: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtext(${`forewarn attachment ${sha256}`}))`.execute(trx)

async function removeUnused(trx: Trx, folder: ContentFolder, sha256: string): Promise<void> {
  await takeTurns(trx, sha256)
  const used = await live(trx).where('sha256', '=', sha256).limit(1).executeTakeFirst()
  if (!used) await folder.remove(sha256)
}
