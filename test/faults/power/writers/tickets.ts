import { PGlite } from '@electric-sql/pglite'
import { openPglite } from '../../../../alerts/pglite/pglite.ts'

/*
 * A process for tickets.test.ts: `FOLDER HOW`. Inserts numbered rows and prints each number once its commit is there.
 * `as it is`: the product, with its checkpoints; `as PGlite comes`: with the file system and settings of its makers.
 */
const [folder, how] = process.argv.slice(2) as [string, string]

async function inserter(): Promise<(id: number) => Promise<unknown>> {
  const insert = 'INSERT INTO thing VALUES ($1, $2) ON CONFLICT (id) DO NOTHING'
  if (how === 'as it is') {
    const { pool } = await openPglite({ folder, maintenanceMs: 150 })
    await pool.query('CREATE TABLE IF NOT EXISTS public.thing (id int PRIMARY KEY, body text)')
    return (id) => pool.query(insert.replace('thing', 'public.thing'), [id, 'x'.repeat(id % 500)])
  }
  const database = await PGlite.create(folder)
  return (id) => database.query(insert.replace('thing', 'public.thing'), [id, 'x'.repeat(id % 500)])
}

const insert = await inserter()
for (let id = 0; ; id++) {
  await insert(id)
  process.stdout.write(`${id}\n`)
}
