import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { createLogSource } from '../../ingest/log/logSource.ts'
import { catalogue } from './readingLog.suite.ts'
import { readingSourceContract } from './readingSource.suite.ts'

readingSourceContract('the log of this process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-source-'))
  const log = await openReadingLog({
    folder,
    maxBytes: 10 ** 7,
    catalogue,
    consumers: ['store', 'scorer'],
    clock: systemClock,
  })
  return {
    append: (readings) => log.append(readings),
    open: async () => createLogSource(openLogReader({ folder, catalogue }), 0, systemClock),
    cleanUp: async () => {
      await log.close()
      rmSync(folder, { recursive: true })
    },
  }
})
