import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { workerEntry } from '../../core/worker.ts'
import { openDeadLetters } from './lmdbDeadLetters.ts'
import { openReadingLog } from './lmdbLog.ts'
import { openLogReader } from './lmdbReader.ts'
import { catalogueOf, letter, reading } from './testing.ts'

/* What only the durable adapter can show; the contract suite has the rest. */

describe('lmdb reading log', () => {
  let parent: string
  let folder: string
  const openLog = (over: Partial<Parameters<typeof openReadingLog>[0]> = {}) =>
    openReadingLog({
      folder,
      maxBytes: 1e8,
      catalogue: catalogueOf('a', 'b'),
      consumers: ['store'],
      clock: new ManualClock(0),
      ...over,
    })

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forewarn-lmdb-'))
    folder = join(parent, 'log.d')
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('writes what gathers during a commit as one block', async () => {
    const log = await openLog()
    const first = log.append([reading('f', 0, 1, 1)])
    await new Promise((resolve) => setImmediate(resolve))
    const rest = Array.from({ length: 500 }, (_, i) => log.append([reading('f', i + 1, 1, 1)]))
    await Promise.all([first, ...rest])
    expect(log.last()).toBe(2)
    expect(log.appended()).toBe(501)
    await log.close()
  })

  it('is read from another thread while it is written', async () => {
    const log = await openLog()
    await log.append([reading('f', 0, 1, 1)])
    const { url, execArgv } = workerEntry(import.meta.url, 'lmdbLog.reader')
    const worker = new Worker(url, { execArgv, workerData: { folder, wanted: 300 } })
    const times = new Promise<number[]>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    for (let i = 1; i < 300; i++) await log.append([reading(`f${i % 7}`, i, i, i)])
    expect(await times).toEqual(Array.from({ length: 300 }, (_, i) => i))
    await log.append([reading('f', 300, 1, 1)])
    expect(log.last()).toBe(301)
    await log.close()
  })

  it('lets dead letters be listed and removed beside the writer, without touching its state', async () => {
    const log = await openLog()
    const letters = ['a', 'b', 'c'].map((id) => letter(id))
    await log.append([reading('f', 0, 1, 1)], letters)
    const beside = openDeadLetters({ folder })
    await log.append([reading('f', 1, 1, 1)])
    expect((await beside.list()).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    const appending = Array.from({ length: 20 }, (_, i) => log.append([reading('f', i + 2, 1, 1)]))
    await beside.remove(['a', 'c', 'stranger'])
    await Promise.all(appending)
    await log.append([reading('f', 22, 1, 1)], [letter('d')])
    expect((await beside.list()).map(({ id }) => id)).toEqual(['d', 'b'])
    expect(await beside.counts()).toEqual({ byReason: { not_json: 4 }, readings: 4 })
    await beside.close()
    expect(log.stats().behind).toEqual({ store: 23 })
    await log.commit('store', log.last())
    const two = log.stats().bytes
    await log.deadLetters.remove(['b'])
    expect(log.stats().bytes).toBe(two / 2)
    await log.close()
  })

  it('gives readings written with an older catalogue in the channels of today', async () => {
    const old = await openLog()
    await old.append([reading('f', 1, 10, 20)])
    await old.close()
    const log = await openLog({ catalogue: catalogueOf('b', 'c') })
    await log.append([reading('f', 2, 21, 30)])
    const [batch] = log.read(0, Infinity)!.batches
    expect(batch!.channels.map((channel) => [...channel])).toEqual([
      [20, 21],
      [Number.NaN, 30],
    ])
    await log.close()
  })

  it('says which catalogue file is missed by readings that wait', async () => {
    const old = await openLog()
    await old.append([reading('f', 1, 10, 20)])
    await old.close()
    const log = await openLog({ catalogue: new Map() })
    expect(() => log.read(0, Infinity)).toThrow(/fan\.yaml/)
    await log.close()
  })

  it('refuses a reading that does not fit the catalogue, alone', async () => {
    const log = await openLog()
    const good = log.append([reading('f', 1, 10, 20)])
    await expect(log.append([reading('f', 2, 10)])).rejects.toThrow(/catalogue/)
    await good
    expect(log.stats().behind).toEqual({ store: 1 })
    await log.close()
  })

  it.each([
    ['a changed byte', (block: Buffer) => block.fill(block[100]! ^ 1, 100, 101), /checksum/],
    ['a cut block', (block: Buffer) => block.subarray(0, 96), /96 of \d+ bytes/],
    ['another block', (block: Buffer) => block.fill(0, 0, 8), /does not begin like a block/],
    ['nothing', () => undefined, /missing/],
  ])('reports a damaged block: %s', async (_name, damage, problem) => {
    const log = await openLog()
    await log.append([reading('f', 1, 10, 20), reading('g', 2, 10, 20)])
    await log.append([reading('f', 3, 10, 20)])
    await log.close()
    const root = open({ path: folder, noSubdir: false, overlappingSync: false, encoding: 'binary' })
    const blocks = root.openDB<Buffer, number>('blocks', { encoding: 'binary' })
    const damaged = damage(Buffer.from(blocks.getBinary(1)!))
    await (damaged ? blocks.put(1, damaged) : blocks.remove(1))
    await root.close()
    const again = await openLog()
    expect(() => again.read(0, Infinity)).toThrow(
      expect.objectContaining({ code: 'LOG_DAMAGED', next: 'stop' }),
    )
    expect(() => again.read(0, Infinity)).toThrow(problem)
    expect(again.read(1, Infinity)!.batches[0]!.device).toEqual(['f'])
    await again.close()
  })

  it('reports the log of another version', async () => {
    const log = await openLog()
    await log.append([reading('f', 1, 10, 20)])
    await log.close()
    const root = open({ path: folder, noSubdir: false, overlappingSync: false, encoding: 'binary' })
    const state = root.openDB<object, string>('state', { encoding: 'json' })
    await state.put('log', { ...state.get('log'), format: 7 })
    await root.close()
    await expect(openLog()).rejects.toMatchObject({
      code: 'LOG_DAMAGED',
      message: expect.stringContaining('format 7'),
    })
  })

  it('reports a file that is no log', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'data.mdb'), Buffer.alloc(20_000, 'not lmdb '))
    await expect(openLog()).rejects.toMatchObject({ code: 'LOG_DAMAGED' })
    expect(() => openLogReader({ folder, catalogue: catalogueOf('a') })).toThrow(/not an lmdb file/)
  })

  it('reports a file that was cut, instead of dying of it', async () => {
    const log = await openLog()
    for (let i = 0; i < 50; i++) {
      await log.append(Array.from({ length: 100 }, (_, j) => reading('f', i * 100 + j, 1, 1)))
    }
    await log.close()
    const file = join(folder, 'data.mdb')
    truncateSync(file, Math.floor(readFileSync(file).length / 2 / 4096) * 4096)
    // in a process of its own: what lmdb does with damaged pages must not take the tests with it
    const script = `
      import { openReadingLog } from ${JSON.stringify(new URL('./lmdbLog.ts', import.meta.url).href)}
      const log = await openReadingLog({ folder: ${JSON.stringify(folder)}, maxBytes: 1e8, consumers: ['store'],
        catalogue: new Map(), clock: { now: () => 0 } }).catch((error) => error)
      let told = log.code
      if (!told) try { log.read(0, Infinity) } catch (error) { told = error.code }
      console.log('told:', told)
      process.exit(0)`
    const { stdout } = await run(['--import', 'tsx', '--input-type=module', '-e', script])
    expect(stdout).toContain('told: LOG_DAMAGED')
  })

  it('says that the folder cannot be used', async () => {
    writeFileSync(join(parent, 'file'), '')
    folder = join(parent, 'file', 'log')
    await expect(openLog()).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringContaining(folder),
    })
  })

  it.runIf(process.platform === 'linux')('says that the disk is full, instead of dying of it', async () => {
    const { stdout } = await run([writerScript, folder, 'open'], 'ulimit -f 8; exec "$0" "$@" | cat')
    expect(stdout).toContain('DATA_FOLDER_UNUSABLE')
    expect(stdout).toContain(folder)
  })

  it('keeps every acknowledged reading through kill -9', async () => {
    for (let round = 0; round < 2; round++) {
      const acknowledged = await killedWriter(folder, 150 + round * 150)
      const log = await openLog({ catalogue: catalogueOf('a', 'b') })
      const times = log.read(0, Infinity)?.batches[0]?.time ?? []
      expect(times.length).toBe(log.stats().behind.store)
      for (let i = 0; i < times.length; i++) expect(times[i]).toBe(i)
      expect(times.length).toBeGreaterThanOrEqual(acknowledged)
      expect(acknowledged).toBeGreaterThan(0)
      await log.close()
    }
  })

  it.runIf(process.platform === 'linux')(
    'keeps nothing of an append that the disk refused, and goes on',
    async () => {
      const { stdout } = await run([writerScript, folder, 'full'], 'ulimit -f 2000; exec "$0" "$@"')
      const report = JSON.parse(stdout.trim().split('\n').at(-1)!)
      expect(report).toMatchObject({ code: 'LOG_FAILED', next: 'retry', unhandled: 0 })
      expect(report.kept).toBe(report.behind)
      const log = await openLog()
      expect(log.stats().behind.store).toBe(report.kept)
      await log.append([reading('f', report.kept, 1, 1)])
      expect(log.read(0, Infinity)!.batches[0]!.length).toBe(report.kept + 1)
      await log.close()
    },
  )
})

const writerScript = fileURLToPath(new URL('./lmdbLog.writer.ts', import.meta.url))

const run = (args: string[], shell?: string) => {
  const all = args[0]!.endsWith('.ts') ? ['--import', 'tsx', ...args] : args
  return shell
    ? promisify(execFile)('bash', ['-c', shell, process.execPath, ...all])
    : promisify(execFile)(process.execPath, all)
}

/** Starts a process that appends without end, kills it, and says how much it had seen acknowledged. */
function killedWriter(folder: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', writerScript, folder, 'endless'])
  let acknowledged = 0
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = chunk.toString().trim().split('\n')
    if (acknowledged === 0) setTimeout(() => child.kill('SIGKILL'), afterMs)
    acknowledged = Math.max(acknowledged, Number(lines.at(-2) ?? lines.at(-1)) || 0)
  })
  return new Promise((resolve) => child.once('close', () => resolve(acknowledged)))
}
