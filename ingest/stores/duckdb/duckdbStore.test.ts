import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalogue, parseAssetType } from '../../../core/catalogue.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { createDuckdbStore } from './duckdbStore.ts'

const catalogue: Catalogue = new Map([
  [
    'press',
    parseAssetType(
      {
        name: 'press',
        label: 'Press',
        window: { by: 'grid', length: 4, minimum: 2 },
        cadenceMs: 1000,
        usage: { unit: 'h', perSlot: 1, perDay: 24 },
        rulCap: 100,
        horizon: 10,
        channels: [{ name: 'force', label: 'Force', unit: 'N', plausible: [-1e9, 1e9] }],
        failureModes: [],
      },
      'press.yaml',
    ),
  ],
])

const t0 = 1_764_000_000_000

function batch(times: readonly number[], force = 1): ReadingBatch {
  const all = (value: number) => new Float64Array(times.length).fill(value)
  return {
    assetType: 'press',
    length: times.length,
    device: times.map(() => 'press-1'),
    site: times.map(() => 'hall'),
    time: Float64Array.from(times, (time) => t0 + time),
    receivedAt: all(t0),
    publishedAt: all(Number.NaN),
    seq: all(Number.NaN),
    channels: [all(force)],
  }
}

/** Goes wrong when it is read: after the batches before it were appended. */
const broken: ReadingBatch = {
  ...batch([1]),
  get channels(): ReadingBatch['channels'] {
    throw new Error('this batch cannot be read')
  },
}

describe('DuckDB store', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-duckdb-'))
    file = join(folder, 'telemetry.duckdb')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('keeps all of a slice or nothing of it, and forgets what it remembered of the failed one', async () => {
    const store = createDuckdbStore(file, catalogue)
    await store.write([batch([0, 1000])], 1)
    await expect(store.write([batch([2000, 3000]), broken], 2)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      next: 'retry',
      message: expect.stringContaining('this batch cannot be read'),
    })
    expect(await store.cursor()).toBe(1)
    expect(await store.totals()).toEqual({ stored: 2, duplicates: 0, refused: 0 })
    expect(await store.write([batch([2000, 3000])], 2)).toEqual({ stored: 2, duplicates: 0, refused: [] })
    expect(await store.counts('press')).toEqual(new Map([['press-1', 4]]))
    await store.close()
  })

  it('forgets a device that came with a failed slice', async () => {
    const store = createDuckdbStore(file, catalogue)
    await expect(store.write([batch([0]), broken], 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await store.devices('press')).toEqual([])
    expect((await store.latest('press')).length).toBe(0)
    await store.write([batch([0])], 1)
    await store.close()
    const again = createDuckdbStore(file, catalogue)
    expect(await again.devices('press')).toEqual([{ device: 'press-1', site: 'hall' }])
    expect((await again.latest('press')).length).toBe(1)
    await again.close()
  })

  it('answers reads that run while a write fails and the file is opened anew', async () => {
    const store = createDuckdbStore(file, catalogue)
    await store.write([batch([0, 1000])], 1)
    const reads = Array.from({ length: 20 }, () => store.counts('press'))
    const failed = store.write([batch([2000]), broken], 2)
    reads.push(...Array.from({ length: 20 }, () => store.counts('press')))
    await expect(failed).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    for (const counts of await Promise.all(reads)) expect(counts.get('press-1')).toBe(2)
    await store.close()
  })

  it('refuses everything once it is closed', async () => {
    const store = createDuckdbStore(file, catalogue)
    await store.write([batch([0])], 1)
    await store.close()
    await store.close()
    await expect(store.counts('press')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(store.write([batch([1])], 2)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('names the process that has the file', async () => {
    const api = import.meta.resolve('@duckdb/node-api')
    const holding = `
      const { DuckDBInstance } = (await import(${JSON.stringify(api)})).default
      globalThis.held = await DuckDBInstance.create(${JSON.stringify(file)})
      console.log('held')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', holding], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      const store = createDuckdbStore(file, catalogue)
      await expect(store.open()).rejects.toMatchObject({
        code: 'DATA_FOLDER_LOCKED',
        details: { folder, pid: String(child.pid) },
      })
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  })

  it('leaves a file that other tools read: a view an asset type, with names and times', async () => {
    const store = createDuckdbStore(file, catalogue)
    await store.write([batch([0, 1500], 7)], 1)
    await store.close()
    const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    const result = await connection.run('SELECT site, device, time::VARCHAR, force FROM press ORDER BY time')
    expect(await result.getRows()).toEqual([
      ['hall', 'press-1', '2025-11-24 16:00:00', 7],
      ['hall', 'press-1', '2025-11-24 16:00:01.5', 7],
    ])
    connection.closeSync()
    instance.closeSync()
  })
})
