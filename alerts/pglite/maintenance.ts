import type pg from 'pg'

/**
 * PGlite has no background processes: nobody removes dead rows or shortens the write-ahead log unless asked. One
 * table a statement, so that other queries get their turn in between.
 */
export async function maintain(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('bullmq', 'forewarn')`,
  )
  for (const { name } of rows) await pool.query(`VACUUM ${name}`)
  await pool.query('CHECKPOINT')
}

/** Runs `maintain` again and again; the returned function stops that and waits for a round under way. */
export function scheduleMaintenance(
  pool: pg.Pool,
  everyMs: number,
  onError: (reason: unknown) => void,
): () => Promise<void> {
  let round = Promise.resolve()
  const timer = setInterval(() => {
    round = round.then(() => maintain(pool)).catch(onError)
  }, everyMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    return round
  }
}
