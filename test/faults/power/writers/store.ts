import { keepStored } from '../../../../app/storing.ts'
import { systemClock } from '../../../../core/clock.ts'
import { openReadingLog } from '../../../../ingest/log/lmdbLog.ts'
import { catalogueOf, reading } from '../../../../ingest/log/testing.ts'
import { startStore } from '../../../../ingest/stores/host.ts'

/*
 * A process for store.test.ts: `FOLDER LINES`. Appends readings numbered by their time to the reading log, from which the
 * DuckDB store is filled as in the product, and prints how many are acknowledged. After so many lines it closes the
 * store, which makes DuckDB write its checkpoint, prints `closing`, and stays.
 */
const [folder, lines] = process.argv.slice(2) as [string, string]
const catalogue = catalogueOf('a', 'b')
const logFolder = `${folder}/log`
const log = await openReadingLog({
  folder: logFolder,
  maxBytes: 1e9,
  catalogue,
  consumers: ['store'],
  clock: systemClock,
})
const store = await startStore({
  telemetry: { url: 'duckdb:' } as never,
  dataFolder: folder,
  logFolder,
  catalogue,
  logger: { info() {}, warn() {}, error: console.error } as never,
  from: log.cursor('store'),
})
await log.continueAfter(store.stats().position)
keepStored(store, log, systemClock)

let next = log.appended()
for (let line = 0; line < Number(lines); line++) {
  const count = 1 + (line % 40)
  await log.append(Array.from({ length: count }, (_, i) => reading(`f${(next + i) % 50}`, next + i, 1, 1)))
  next += count
  process.stdout.write(`${next}\n`)
}
process.stdout.write('closing\n')
await store.close()
await log.close()
setInterval(() => {}, 1000)
