import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../../core/clock.ts'
import { createRandom } from '../../../edge/simulator/random.ts'
import { openReadingLog } from '../../../ingest/log/lmdbLog.ts'
import { catalogueOf } from '../../../ingest/log/testing.ts'
import { createDuckdbStore } from '../../../ingest/stores/duckdb/duckdbStore.ts'
import { describePower } from './library.ts'
import { type Cut, untilCut } from './untilCut.ts'

const script = fileURLToPath(new URL('./writers/store.ts', import.meta.url))
const catalogue = catalogueOf('a', 'b')

describePower('log and DuckDB through power cuts', (library) => {
  let parent: string
  let folder: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forewarn-power-'))
    folder = join(parent, 'data')
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  /** How many readings were acknowledged until the cut. */
  const run = async (lines: number, cut: Partial<Cut>) => {
    const args = [folder, String(lines)]
    const printed = await untilCut({ script, args, folder: parent, library, ...cut })
    return Math.max(0, ...printed.map(Number).filter((number) => !Number.isNaN(number)))
  }

  it.each(['synced only', 'some of the rest'])(
    'hold every acknowledged reading together, each once: %s',
    async (survivors) => {
      for (let round = 0; round < 4; round++) {
        const random = createRandom(`${survivors} ${round}`)
        const survival = survivors === 'synced only' ? 'synced only' : { seed: round }
        const acknowledged = await run(40, {
          syncMs: 8,
          // half of the cuts while the store is filled, half while it closes
          afterLines: round % 2 === 0 ? 10 + random.below(30) : 41,
          afterMs: random.below(80),
          survival,
        })
        const { stored, logged, cursors } = await contents(folder)
        const all = new Set([...stored, ...logged])
        const missing = Array.from({ length: acknowledged }, (_, i) => i).filter((time) => !all.has(time))
        expect({ round, missing }).toEqual({ round, missing: [] })
        expect(new Set(stored).size).toBe(stored.length)
        expect(cursors.log).toBeLessThanOrEqual(cursors.store)
      }
    },
    120_000,
  )

  it('the store knows nothing that the log does not have on disk', async () => {
    const acknowledged = await run(40, { syncMs: 0, writeMs: 300, afterLines: 2, afterMs: 200 })
    const { stored, logged } = await contents(folder)
    expect([...stored, ...logged].length).toBeGreaterThanOrEqual(acknowledged)
  }, 120_000)

  it('are made whole or not at all', async () => {
    // DuckDB's first sync is about the 14th; with these seeds the names survive, and half of its first pages do not
    for (const [sync, seed] of [13, 14, 15].flatMap((sync) => [1, 2].map((seed) => [sync, seed] as const))) {
      folder = join(parent, `data-${sync}-${seed}`)
      await run(2, { cutAtSync: sync, survival: { seed } })
      expect((await contents(folder)).stored).toEqual([])
    }
  }, 120_000)
})

/** Times in the store, times in the log behind the store's cursor, and how far each says the store is. */
async function contents(folder: string) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'telemetry.duckdb')
  const store = createDuckdbStore(file, catalogue)
  await store.open()
  const position = (await store.cursor()) ?? 0
  await store.close()
  const log = await openReadingLog({
    folder: join(folder, 'log'),
    maxBytes: 1e9,
    catalogue,
    consumers: ['store'],
    clock: new ManualClock(0),
  })
  await log.continueAfter(position)
  const logged = log.read(position, Infinity)?.batches.flatMap(({ time }) => [...time]) ?? []
  const cursors = { log: log.cursor('store'), store: position }
  await log.close()
  return { stored: await timesIn(file), logged, cursors }
}

async function timesIn(file: string): Promise<number[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll('SELECT epoch_ms("time") FROM fan')).getRows()
  connection.closeSync()
  instance.closeSync()
  return rows.map(([time]) => Number(time))
}
