import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { openMemoryLog } from '../../ingest/log/memoryLog.ts'
import { readingLogContract } from './readingLog.suite.ts'

readingLogContract('memory', () => ({
  open: async (options) => openMemoryLog(options),
  durable: false,
  cleanUp: async () => {},
}))

readingLogContract('lmdb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-log-'))
  return {
    open: (options) => openReadingLog({ ...options, folder: join(folder, 'log') }),
    durable: true,
    cleanUp: async () => rmSync(folder, { recursive: true, force: true }),
  }
})
