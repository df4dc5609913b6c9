import { type Kysely, sql } from 'kysely'
import { tellingVerdicts } from '../../core/ticket.ts'
import { type KindRecord, kindRecordOf, trackRecordSize } from '../../core/trackRecord.ts'
import type { Database } from '../db/schema.ts'

/**
 * What became of the newest tickets of a kind, in one query that touches no evidence. Lead is by the machines' clocks: from
 * the window that raised the alarm to the first failure or renewal after it.
 */
async function lookUp(db: Kysely<Database>, assetType: string, mode: string): Promise<KindRecord> {
  const { rows } = await sql<{ judged: string; confirmed: string; lead: number | null }>`
    WITH newest AS (
      SELECT id, device, verdict FROM forewarn.ticket
      WHERE asset_type = ${assetType} AND mode = ${mode} AND verdict = ANY(${[...tellingVerdicts]}::text[])
      ORDER BY closed_at DESC, id DESC
      LIMIT ${trackRecordSize}
    ), led AS (
      SELECT verdict, CASE WHEN verdict = 'confirmed' THEN (
        SELECT min(life.time) FROM forewarn.life_event AS life
        WHERE life.device = newest.device AND life.kind IN ('failed', 'repaired', 'replaced', 'installed')
          AND life.time >= opened.at
      ) - opened.at END AS lead
      FROM newest LEFT JOIN LATERAL (
        SELECT min(raised_at) AS at FROM forewarn.seen_prediction AS seen WHERE seen.ticket = newest.id
      ) AS opened ON true
    )
    SELECT count(*) AS judged, count(*) FILTER (WHERE verdict = 'confirmed') AS confirmed,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) AS lead
    FROM led`.execute(db)
  const { judged, confirmed, lead } = rows[0]!
  const figures = { judged: Number(judged), confirmed: Number(confirmed), medianLeadMs: lead }
  return kindRecordOf(assetType, mode, figures)
}

/** Life events of other processes change a lead, and no revision tells. */
const oldestMs = 60_000

export type LookUpRecord = (assetType: string, mode: string) => Promise<KindRecord>

/** Looks a kind up anew only where a verdict was given or taken back since, or a minute has passed. */
export function createRecordLookUp(db: Kysely<Database>, now: () => number): LookUpRecord {
  const kept = new Map<string, { revision: string; at: number; record: KindRecord }>()
  return async (assetType, mode) => {
    const revision = await revisionOf(db)
    const key = JSON.stringify([assetType, mode])
    const known = kept.get(key)
    const at = now()
    if (known && known.revision === revision && Math.abs(at - known.at) < oldestMs) return known.record
    const record = await lookUp(db, assetType, mode)
    kept.set(key, { revision, at, record })
    return record
  }
}

/** The newest event by which a verdict comes or goes. */
async function revisionOf(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ newest: string | null }>`SELECT max(id) AS newest FROM forewarn.ticket_event
    WHERE kind IN ('resolved', 'reopened', 'in_progress')`.execute(db)
  return rows[0]!.newest ?? '0'
}
