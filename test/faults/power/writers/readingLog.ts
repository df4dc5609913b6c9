import { register } from 'node:module'
import { systemClock } from '../../../../core/clock.ts'
import { catalogueOf, reading } from '../../../../ingest/log/testing.ts'

/*
 * A process for readingLog.test.ts: `FOLDER HOW`. Appends readings numbered by their time to the reading log and prints
 * how many are acknowledged. `as it is`: the product. The others acknowledge before the data is on disk: `before the
 * commit`: what was handed over counts; `one sync behind`: lmdb syncs the data, but not the page that names them until
 * the next commit; `without sync`: lmdb never syncs.
 */
const [folder, how] = process.argv.slice(2) as [string, string]
if (how === 'one sync behind' || how === 'without sync') {
  process.env.FAULTY_LMDB = how
  register('./faultyLmdb.hooks.mjs', import.meta.url)
}
const { openReadingLog } = await import('../../../../ingest/log/lmdbLog.ts')

const log = await openReadingLog({
  folder,
  maxBytes: 1e9,
  catalogue: catalogueOf('a', 'b'),
  consumers: ['store'],
  clock: systemClock,
})

let next = log.appended()
const append = (count: number) => {
  const readings = Array.from({ length: count }, (_, i) => reading(`f${(next + i) % 50}`, next + i, 1, 1))
  next += count
  return log.append(readings)
}

for (;;) {
  const appended = Promise.all(Array.from({ length: 20 }, (_, i) => append(1 + (i % 3))))
  if (how !== 'before the commit') await appended
  process.stdout.write(`${next}\n`)
  await appended
}
