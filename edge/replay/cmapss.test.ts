import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../core/catalogue.ts'
import { type RecordingBroker, startRecordingBroker } from '../../test/support/recordingBroker.ts'
import type { EventPayload, TelemetryPayload } from '../topics.ts'
import { type Replay, type ReplayProgress, startReplay } from './cmapss.ts'

const yaml = await readFile(new URL('../../catalogue/turbofan.yaml', import.meta.url), 'utf8')
const turbofan = parseAssetType(parse(yaml), 'turbofan.yaml')
const lives = new Map([
  [1, 60],
  [2, 40],
  [3, 10],
])

let broker: RecordingBroker
let folder: string
let file: string
let replay: Replay | undefined

beforeEach(async () => {
  broker = await startRecordingBroker()
  folder = await mkdtemp(join(tmpdir(), 'forewarn-replay-'))
  file = join(folder, 'train_FD001.txt')
  const lines = [...lives].flatMap(([unit, last]) =>
    Array.from({ length: last }, (_, i) =>
      [unit, i + 1, ...Array.from({ length: 24 }, (_, c) => unit * 100 + c)].join(' '),
    ),
  )
  await writeFile(file, lines.join('\n'))
})

afterEach(async () => {
  await replay?.stop(0)
  replay = undefined
  await broker.close()
  await rm(folder, { recursive: true })
})

const of = (device: string) => broker.messages.filter((m) => m.topic.includes(`/${device}/`))
const readings = (device: string) =>
  of(device)
    .filter((m) => m.topic.endsWith('/telemetry'))
    .map((m) => JSON.parse(m.payload) as TelemetryPayload)

describe('C-MAPSS replay', () => {
  it('publishes the chosen engines cycle by cycle, side by side, and then their failure', async () => {
    replay = await startReplay({ url: broker.url, assetType: turbofan, file, units: '1,3', rate: 5000 })
    await replay.done
    expect(replay.devices).toEqual(['FD001-1', 'FD001-3'])
    expect(of('FD001-2')).toEqual([])

    const mine = readings('FD001-1')
    expect(mine.map((r) => r.values.cycle)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
    expect(mine.map((r) => r.seq)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect(mine[4]!.values).toEqual(
      Object.fromEntries(turbofan.channels.map((c, i) => [c.name, i === 0 ? 5 : 99 + i])),
    )
    expect(broker.messages.slice(0, 4).map((m) => m.topic.split('/')[3])).toEqual([
      'FD001-1',
      'FD001-3',
      'FD001-1',
      'FD001-3',
    ])

    const last = of('FD001-3').at(-1)!
    expect(last.topic).toBe('forewarn/hangar/turbofan/FD001-3/event')
    expect(JSON.parse(last.payload) as EventPayload).toEqual({
      time: readings('FD001-3').at(-1)!.time,
      kind: 'failed',
      detail: 'after 10 cycles',
    })
  })

  it('lays every cycle a cadence apart, all of them in the past', async () => {
    replay = await startReplay({ url: broker.url, assetType: turbofan, file, rate: 5000, cadenceMs: 60_000 })
    await replay.done
    const times = readings('FD001-2').map((r) => r.time)
    expect(times[0]).toBe(replay.start + 60_000)
    expect(times.slice(1).every((t, i) => t - times[i]! === 60_000)).toBe(true)
    for (const { time, publishedAt } of readings('FD001-1')) expect(time).toBeLessThanOrEqual(publishedAt)
  })

  it('counts what was acknowledged and tells how far it is', async () => {
    const told: ReplayProgress[] = []
    replay = await startReplay({
      url: broker.url,
      assetType: turbofan,
      file,
      rate: 50_000,
      onProgress: (p) => told.push(p),
    })
    await replay.done
    expect(replay.sent().total).toBe(110)
    expect(replay.sent().byDevice).toEqual(new Map([...lives].map(([u, n]) => [`FD001-${u}`, n])))
    expect(told.at(-1)).toEqual({ published: 110, total: 110, failed: 3, engines: 3 })
    expect(replay.inFlight()).toBe(0)
  })

  it('keeps to the rate', async () => {
    const before = Date.now()
    replay = await startReplay({ url: broker.url, assetType: turbofan, file, units: '3', rate: 50 })
    await replay.done
    expect(Date.now() - before).toBeGreaterThanOrEqual(175)
  })

  it('judges tickets by the engine life they fall into', async () => {
    replay = await startReplay({ url: broker.url, assetType: turbofan, file, rate: 5000, cadenceMs: 1000 })
    await replay.done
    const opening = (device: string, cycle: number) => ({ device, windowEnd: replay!.start + cycle * 1000 })
    const judged = replay.judge([opening('FD001-1', 30), opening('FD001-1', 55), opening('FD001-2', 39)])
    expect(judged).toMatchObject({ failures: 3, found: 1, missed: 2, falseAlarms: 0 })
    expect(judged.leadTime).toEqual({ p10: 30, median: 30 })
  })

  it('stops half way without failing anybody', async () => {
    replay = await startReplay({ url: broker.url, assetType: turbofan, file, rate: 100 })
    await expect.poll(() => broker.messages.length).toBeGreaterThan(3)
    await replay.stop()
    expect(replay.progress().failed).toBe(0)
    expect(replay.sent().total).toBe(replay.progress().published)
    expect(replay.judge([]).failures).toBe(0)
  })

  it('refuses a unit that the file does not have before anything is sent', async () => {
    const options = { url: broker.url, assetType: turbofan, file, units: '1-9', rate: 100 }
    await expect(startReplay(options)).rejects.toThrow('no unit 4')
  })

  const data = process.env.FOREWARN_DATA
  it.runIf(data)('real file: engines 81 to 100 of FD001 (needs FOREWARN_DATA)', async () => {
    const real = join(data!, 'cmapss', 'train_FD001.txt')
    replay = await startReplay({
      url: broker.url,
      assetType: turbofan,
      file: real,
      units: '81-100',
      rate: 1e6,
    })
    await replay.done
    expect(replay.devices).toHaveLength(20)
    const judged = replay.judge([])
    expect(judged.failures).toBe(20)
    expect(judged.baseline).toMatchObject({ failures: 20, found: 4, falseAlarms: 15 })
  })
})
