import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalogue } from '../../../core/catalogue.ts'
import { type Clock, systemClock } from '../../../core/clock.ts'
import type { RefusedReading, StoredScore, WriteResult } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { admit, refuseAll, type Store } from '../store.ts'
import { Engine } from './engine.ts'
import * as reads from './reads.ts'
import { columnsOf, loadTables, readCursor, saveCursor, type Tables } from './tables.ts'
import { trend } from './trend.ts'
import { fillMissingHours } from './upkeep.ts'
import { windows } from './windows.ts'

/**
 * The default telemetry store: one DuckDB file. Rows, cursor and totals change in one transaction, so that a crash at
 * any moment leaves all of a slice or nothing; a slice it already remembers is skipped by its number.
 *
 * Only one instance may hold the file, and it must not be on a thread that is terminated while a statement runs: the
 * store's worker owns it and closes it itself.
 */
export function createDuckdbStore(file: string, catalogue: Catalogue, clock: Clock = systemClock): Store {
  const engine = new Engine(file, (connection) => loadTables(connection, catalogue))

  return {
    open: () => engine.open(),
    close: () => engine.close(),
    look: () => engine.open(),
    cursor: () => engine.read(async (c) => (await readCursor(c)).position),
    totals: () => engine.read(async (c) => (await readCursor(c)).totals),

    upkeep: (signal) => fillMissingHours(engine, clock, signal),
    write: (batches, position) =>
      engine.write((connection, tables) => writeSlice(connection, tables, catalogue, batches, position)),

    window: (assetType, device, until, rows) =>
      engine.read((c, tables) => reads.window(c, tables, catalogue, assetType, device, until, rows)),
    windows: (assetType, wanted, rows) =>
      engine.read((c, tables) => windows(c, tables, catalogue, assetType, wanted, rows)),
    trend: (assetType, device, channel, from, to, bucketMs) =>
      engine.read((c, tables) =>
        trend(c, tables, catalogue, { assetType, device, channel, from, to, bucketMs }),
      ),
    latest: (assetType) => engine.read((c, tables) => reads.latest(c, tables, catalogue, assetType)),
    devices: (assetType) => engine.read(async (_, tables) => reads.devices(tables, assetType)),
    counts: (assetType) => engine.read((c, tables) => reads.counts(c, tables, assetType)),

    writeScores: async (scores) => {
      if (scores.length > 0) await engine.write((c, tables) => writeScores(c, tables, scores))
    },
    scores: (assetType, device, from, to, limit = 2000, role = undefined) =>
      engine.read((c, tables) => reads.scores(c, tables, assetType, device, from, to, limit, role)),
    // Grafana reads from InfluxDB; here the page's own charts show what records would
    record: async () => {},
    scoreCount: () => engine.read((c, tables) => reads.scoreCount(c, tables)),
  }
}

async function writeSlice(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  batches: readonly ReadingBatch[],
  position: number,
): Promise<WriteResult> {
  const isKnown = position <= tables.cursor.position
  const refused: RefusedReading[] = []
  let stored = 0
  let duplicates = 0
  for (const batch of batches) {
    if (!catalogue.has(batch.assetType)) {
      refused.push(...refuseAll(batch, `the catalogue has no asset type ${batch.assetType}`))
      continue
    }
    const admitted = admit(batch)
    refused.push(...admitted.refused)
    if (isKnown) continue
    const written = await writeBatch(connection, tables, catalogue, batch, admitted.rows)
    stored += written.stored
    duplicates += written.duplicates
  }
  if (!isKnown) {
    const { totals } = tables.cursor
    const sum = {
      stored: totals.stored + stored,
      duplicates: totals.duplicates + duplicates,
      refused: totals.refused + refused.length,
    }
    // Only writes look at it, and a transaction that fails drops all that is in memory.
    tables.cursor = { position, totals: sum }
    await tables.devices.save(connection)
    await saveCursor(connection, tables.cursor)
  }
  return { stored, duplicates, refused }
}

async function writeBatch(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  batch: ReadingBatch,
  rows: readonly number[],
): Promise<{ stored: number; duplicates: number }> {
  const names = columnsOf(catalogue.get(batch.assetType)!)
  const values = [batch.receivedAt, ...batch.channels]
  const appended = await tables.readings.get(batch.assetType)!.append(connection, {
    length: rows.length,
    series: tables.deviceNumbers.ofRows(batch, rows),
    time: pick(batch.time, rows).map(Math.round),
    // A block of the log that is older than a channel has none of it.
    columns: new Map(values.map((column, i) => [names[i]!, pick(column, rows)])),
  })
  await tables.hourly.get(batch.assetType)!.add(connection, appended)
  return appended
}

/** The values of some rows, which are mostly all of them. */
function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  return rows.length === values.length ? values : Float64Array.from(rows, (row) => values[row]!)
}

async function writeScores(connection: DuckDBConnection, tables: Tables, scores: readonly StoredScore[]) {
  const column = (value: (score: StoredScore) => number) => Float64Array.from(scores, value)
  const { scoreSeries } = tables
  await tables.scores.append(connection, {
    length: scores.length,
    series: Int32Array.from(scores, (s) =>
      scoreSeries.idOf([s.assetType, s.device, s.model, s.role, s.site]),
    ),
    time: column((s) => Math.round(s.windowEnd)),
    columns: new Map([
      ['anomaly', column((s) => s.anomaly)],
      ['p05', column((s) => s.rul.p05)],
      ['p10', column((s) => s.rul.p10)],
      ['p50', column((s) => s.rul.p50)],
      ['p90', column((s) => s.rul.p90)],
      ['p95', column((s) => s.rul.p95)],
      ['failure_probability', column((s) => s.failureProbability)],
    ]),
  })
  await scoreSeries.save(connection)
}
