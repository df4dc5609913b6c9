import { join } from 'node:path'
import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { makeFolder } from '../durableFolder.ts'
import { createDuckdbStore } from './duckdb/duckdbStore.ts'
import { createInfluxStore } from './influx/influxStore.ts'
import { createMemoryStore } from './memory.ts'
import type { OnNotice, Store, TelemetryConfig } from './store.ts'

/**
 * Chooses the adapter by `telemetry.url`: `duckdb:` (`telemetry.duckdb` in the data folder),
 * `influx://[user:password@]host[:8086][/database]` (`influxs:` over TLS), `memory:`. `notice` is told what an operator
 * should mend although it works. Throws CONFIG_INVALID, DATA_FOLDER_UNUSABLE.
 */
export function createStore(
  telemetry: TelemetryConfig,
  dataFolder: string,
  catalogue: Catalogue,
  notice?: OnNotice,
): Store {
  const { url } = telemetry
  if (/^influxs?:/.test(url)) return createInfluxStore(telemetry, catalogue, notice)
  if (url.startsWith('memory:')) return createMemoryStore(catalogue)
  if (url === 'duckdb:') {
    prepare(dataFolder)
    return createDuckdbStore(join(dataFolder, 'telemetry.duckdb'), catalogue)
  }
  throw new ForewarnError('CONFIG_INVALID', {
    path: 'telemetry.url',
    problem: 'expected duckdb:, or influx://[user:password@]host:8086/database',
    source: 'forewarn.yaml',
  })
}

function prepare(folder: string): void {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(error) }, error)
  }
}
