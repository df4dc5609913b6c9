import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore } from '../../ingest/stores/open.ts'
import { telemetryAt } from '../support/telemetryAt.ts'
import { suiteCatalogue, telemetryStoreContract } from './telemetryStore.suite.ts'

telemetryStoreContract('memory', { durable: false, ownCursor: false }, async () => ({
  open: async () => createStore(telemetryAt('memory:'), '', suiteCatalogue),
  remove: async () => {},
}))

telemetryStoreContract('DuckDB', { durable: true, ownCursor: true }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-duckdb-'))
  return {
    open: async (catalogue = suiteCatalogue) => {
      const store = createStore(telemetryAt('duckdb:'), folder, catalogue)
      await store.open()
      return store
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})
