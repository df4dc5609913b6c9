import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { type Config, parseConfig } from '../../core/config.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { contentOf, filled, fillInstallation, withParts } from '../../test/support/filledInstallation.ts'
import { holdDataFolder } from '../dataFolder.ts'
import { restore } from './restore.ts'
import { type BackupResult, backup } from './save.ts'

// every installation makes its database anew, which takes seconds on a busy machine
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const parent = mkdtempSync(join(tmpdir(), 'forewarn-backup-'))
const configOf = (name: string, rest: object = {}): Config =>
  parseConfig({
    data: { folder: join(parent, name) },
    queue: { attempts: 1 },
    ingest: { maxPastDays: 4000 },
    ...rest,
  })
const full = configOf('full')
const file = join(parent, 'full.backup.gz')
const clock = systemClock
let written: BackupResult
let content: Awaited<ReturnType<typeof contentOf>>

beforeAll(async () => {
  await fillInstallation(full)
  content = await contentOf(full)
  written = await backup({ config: full, clock, file, telemetry: true })
})
afterAll(() => rmSync(parent, { recursive: true }))

describe('a backup', () => {
  it('counts what it holds, and is its owner’s alone', () => {
    expect(written.counts).toMatchObject({
      'forewarn.ticket': filled.tickets,
      readings: filled.stored,
      logged: filled.logged,
      scores: 10,
      deadLetters: filled.letters,
      predictions: 1,
      files: 3,
    })
    expect(written.scoresLeftOut).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(file).size).toBe(written.bytes)
  })

  it('leaves the installation as it was', async () => {
    expect(await contentOf(full)).toEqual(content)
  })

  it('never overwrites', async () => {
    const before = readFileSync(file)
    await expect(backup({ config: full, clock, file, telemetry: true })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('is there already'),
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('is not made of a folder in which nothing was ever kept, nor into the data folder', async () => {
    const config = configOf('mistyped')
    const to = (target: string, of = config) => backup({ config: of, clock, file: target, telemetry: true })
    await expect(to(join(parent, 'x'))).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
    expect(existsSync(config.data.folder)).toBe(false)
    await expect(to(join(full.data.folder, 'x'), full)).rejects.toThrow('is in the data folder')
  })

  it('makes tickets of the predictions that wait', async () => {
    const config = configOf('waiting')
    const { predictionOf } = await import('../../test/contracts/ticketsPredictions.ts')
    mkdirSync(join(config.data.folder, 'log'), { recursive: true })
    await withParts(config, ({ queue }) => queue.add(predictionOf({ device: 'P-9' })))
    const target = join(parent, 'waiting.backup.gz')
    const { counts } = await backup({ config, clock, file: target, telemetry: true })
    expect(counts).toMatchObject({ 'forewarn.ticket': 1 })
    expect(counts.predictions).toBeUndefined()
  })
})

describe('a restore', () => {
  it('into an empty installation gives the same installation', async () => {
    const config = configOf('restored')
    const result = await restore({ config, clock, file })
    expect(result).toMatchObject({ refused: 0, counts: written.counts })
    const restored = await contentOf(config)
    // what had failed is tried once more
    expect(restored).toEqual({ ...content, predictions: { waiting: 1, active: 0, delayed: 0, failed: 0 } })
    expect(restored.stored.flatMap(({ time }) => time)).toHaveLength(filled.stored)
  })

  it('lets the log go on where the store ends, so that the store skips nothing of it', async () => {
    const config = configOf('restored')
    await withParts(config, async ({ store, catalogue, logFolder: folder }) => {
      const consumers = ['store', 'scorer']
      const log = await openReadingLog({ folder, maxBytes: 1e9, catalogue, consumers, clock })
      const after = (await store.cursor())!
      expect(log.cursor('store')).toBe(after)
      const slice = log.read(after, 1e6)!
      // 30 of them were stored as well as logged
      expect(await store.write(slice.batches, slice.position)).toEqual({
        stored: filled.logged - 30,
        duplicates: 30,
        refused: [],
      })
      await log.close()
    })
  })

  it('refuses an installation with something in it, and says what', async () => {
    const before = await contentOf(full)
    await expect(restore({ config: full, clock, file })).rejects.toMatchObject({
      code: 'INSTALLATION_NOT_EMPTY',
      message: expect.stringMatching(
        /5 rows in forewarn.ticket.*1 predictions.*240 stored readings.*10 scores.*a reading log.*3 dead letters.*3 files/,
      ),
    })
    expect(await contentOf(full)).toEqual(before)
  })

  it('refuses where forewarn runs', async () => {
    const config = configOf('running')
    mkdirSync(join(config.data.folder, 'log'), { recursive: true })
    writeFileSync(join(config.data.folder, 'forewarn.pid'), String(process.ppid))
    await expect(restore({ config, clock, file })).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
    await expect(backup({ config, clock, file: join(parent, 'x'), telemetry: true })).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
    })
  })

  it('needs the asset types and channels that the readings have', async () => {
    const folder = mkdtempSync(join(parent, 'catalogue-'))
    const pump = readFileSync('catalogue/pump.yaml', 'utf8')
    writeFileSync(join(folder, 'pump.yaml'), pump)
    const config = configOf('catalogue', { catalogue: { folder } })
    await expect(restore({ config, clock, file })).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining('the catalogue has no asset type turbofan'),
    })
  })

  it('that cannot end leaves an installation that does not start', async () => {
    const config = configOf('small', { log: { maxBytes: 8_000 } })
    await expect(restore({ config, clock, file })).rejects.toMatchObject({ code: 'LOG_FULL' })
    expect(() => holdDataFolder(config.data.folder)).toThrow('a restore into it did not come to its end')
  })
})

describe('an archive', () => {
  const spoiled = (name: string, bytes: Uint8Array): string => {
    const path = join(parent, name)
    writeFileSync(path, bytes)
    return path
  }
  const lines = () => gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  const zipped = (name: string, text: readonly string[]) => spoiled(name, gzipSync(`${text.join('\n')}\n`))
  const swap = (text: string[], from: string, to: string) => {
    const at = text.findIndex((line) => line.includes(from))
    expect(at).toBeGreaterThan(-1)
    return text.with(at, text[at]!.replace(from, to))
  }

  it.each<[string, () => string, string]>([
    ['that is not there', () => join(parent, 'nowhere'), 'no such file'],
    ['that is something else', () => spoiled('other', Buffer.from('tickets')), 'incorrect header'],
    ['cut off', () => spoiled('cut', readFileSync(file).subarray(0, -200)), 'unexpected end of file'],
    ['cut off between two records', () => zipped('between', lines().slice(0, -1)), 'closing line is missing'],
    [
      'cut off inside a record',
      () => spoiled('inside', gzipSync(lines().join('\n').slice(0, -20))),
      'closing line is missing',
    ],
    ['with a value changed', () => zipped('changed', swap(lines(), '"north"', '"south"')), 'its checksum'],
    ['with a record left out', () => zipped('left', lines().toSpliced(3, 1)), 'its checksum'],
    [
      'with a false count',
      () => zipped('count', swap(lines(), '"readings":240', '"readings":241')),
      'its counts',
    ],
    [
      'with something behind its end',
      () => zipped('behind', [...lines(), lines()[1]!]),
      'follows its closing',
    ],
    ['of another version', () => zipped('version', swap(lines(), '"version":1', '"version":2')), 'version'],
    ['without its header', () => zipped('header', lines().slice(1)), 'does not begin with its header'],
    [
      'that writes elsewhere',
      () => zipped('path', swap(lines(), 'sparkplug/births.json', '../births.json')),
      'expected a path inside the data folder',
    ],
    ['that is no JSON', () => zipped('json', lines().with(2, '{')), 'line 3 is no JSON'],
  ])('%s is refused before anything is written', async (_, make, problem) => {
    const config = configOf('untouched')
    await expect(restore({ config, clock, file: make() })).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining(problem),
    })
    expect(() => statSync(config.data.folder)).toThrow('ENOENT')
  })
})
