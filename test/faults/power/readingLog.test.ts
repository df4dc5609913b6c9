import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../../core/clock.ts'
import { openReadingLog } from '../../../ingest/log/lmdbLog.ts'
import { catalogueOf } from '../../../ingest/log/testing.ts'
import { describePower } from './library.ts'
import { type Cut, untilCut } from './untilCut.ts'

const script = fileURLToPath(new URL('./writers/readingLog.ts', import.meta.url))

describePower('the reading log through power cuts', (library) => {
  let parent: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forewarn-power-'))
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  /** One run, and what it acknowledged without keeping it: the verdict on a log. */
  const lostIn = async (how: string, cut: Partial<Cut>) => {
    const folder = join(parent, 'log')
    const settings = { library, syncMs: 3, ...cut }
    const lines = await untilCut({ script, args: [folder, how], folder: parent, ...settings })
    const acknowledged = Math.max(...lines.map(Number))
    expect(acknowledged).toBeGreaterThan(0)
    const kept = await timesIn(folder)
    expect(kept).toEqual(kept.map((_, i) => i))
    return Math.max(0, acknowledged - kept.length)
  }

  it('keeps every acknowledged reading, whenever the power goes', async () => {
    for (let round = 0; round < 4; round++) {
      const survival = round % 2 === 0 ? 'synced only' : { seed: round }
      const afterMs = Math.floor(Math.random() * 200)
      const lost = await lostIn('as it is', { afterLines: 1, afterMs, survival })
      expect({ round, afterMs, lost }).toEqual({ round, afterMs, lost: 0 })
    }
  })

  it('is made whole or not at all', async () => {
    for (let sync = 1; sync <= 6; sync++) {
      const folder = join(parent, `log-${sync}`)
      const cut = { library, folder: parent, cutAtSync: sync, survival: { seed: sync } }
      expect(await untilCut({ script, args: [folder, 'as it is'], ...cut })).toEqual([])
      expect(await timesIn(folder)).toEqual([])
    }
  })

  it.each(['before the commit', 'one sync behind', 'without sync'])(
    'tells a log that acknowledges too early: %s',
    async (how) => {
      // between a sync and its acknowledgement even these have lost nothing
      let lost = 0
      for (let run = 0; run < 3 && lost === 0; run++) {
        lost = await lostIn(how, { syncMs: 20, afterLines: 20 })
      }
      expect(lost).toBeGreaterThan(0)
    },
  )

  it('keeps every acknowledged reading where those would not have', async () => {
    expect(await lostIn('as it is', { syncMs: 20, afterLines: 20 })).toBe(0)
  })
})

/** The times in the log, which are numbers in order; none where there is no log. */
async function timesIn(folder: string): Promise<number[]> {
  const log = await openReadingLog({
    folder,
    maxBytes: 1e9,
    catalogue: catalogueOf('a', 'b'),
    consumers: ['store'],
    clock: new ManualClock(0),
  })
  const times = log.read(0, Infinity)?.batches.flatMap(({ time }) => [...time]) ?? []
  await log.close()
  return times
}
