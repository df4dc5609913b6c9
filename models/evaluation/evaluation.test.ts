import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press, pressLife } from '../../test/properties/tinyAsset.ts'
import { alarmQuality, firstAlarm, percentile } from './alarms.ts'
import { lifeOf, readEngines, readRul } from './cmapss.ts'
import { coverage90, phmScore, rmse } from './metrics.ts'
import { trainRidge } from './ridge.ts'
import { cutTrials, lastCycleTrials } from './trials.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-cmapss-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

/** A line as NASA writes it: single spaces, two at the end. */
const line = (unit: number, cycle: number) =>
  `${unit} ${cycle} ${Array.from({ length: 24 }, (_, i) => (i + cycle / 100).toFixed(4)).join(' ')}  `

describe('the C-MAPSS reader', () => {
  it('reads a file as it is published', async () => {
    const path = await file('train.txt', `${[line(1, 1), line(1, 2), line(2, 1)].join('\n')}\n`)
    const engines = await readEngines(path)
    expect(engines.map((e) => [e.unit, e.values[0]!.length])).toEqual([
      [1, 2],
      [2, 1],
    ])
    expect(engines[0]!.values.length).toBe(25)
    expect([...lifeOf(engines[0]!, 7).rul!]).toEqual([8, 7])
  })

  it('reads Windows line ends, and the RUL file', async () => {
    const path = await file('rul.txt', '112 \r\n98 \r\n')
    expect(await readRul(path)).toEqual([112, 98])
  })

  it('names the line that is wrong', async () => {
    const short = await file('short.txt', `${line(1, 1)}\n1 2 3\n`)
    await expect(readEngines(short)).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { line: 2, problem: 'expected 26 columns, found 3' },
    })
    const words = await file('words.txt', line(1, 1).replace('0.0100', 'warm'))
    await expect(readEngines(words)).rejects.toMatchObject({ details: { line: 1, problem: 'not a number' } })
    const hole = await file('hole.txt', [line(1, 1), line(1, 3)].join('\n'))
    await expect(readEngines(hole)).rejects.toMatchObject({
      details: { line: 2, problem: 'unit 1 misses a cycle' },
    })
    await expect(readEngines(join(folder, 'absent.txt'))).rejects.toMatchObject({ code: 'DATA_FILE_INVALID' })
    await expect(readEngines(await file('empty.txt', '\n'))).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
    })
  })
})

describe('metrics', () => {
  it('are those of the protocol', () => {
    const pairs = [
      { predicted: 10, truth: 0 },
      { predicted: 0, truth: 13 },
    ]
    expect(rmse(pairs)).toBeCloseTo(Math.sqrt((100 + 169) / 2))
    expect(phmScore(pairs)).toBeCloseTo(2 * (Math.E - 1))
  })

  it('count what lies within the interval', () => {
    const rul = { p05: 10, p10: 12, p50: 20, p90: 28, p95: 30 }
    expect(coverage90([10, 30, 31, 9].map((truth) => ({ rul, truth })))).toEqual({
      count: 4,
      coverage: 0.5,
      meanWidth: 20,
    })
  })
})

describe('the alarm rule', () => {
  const rule = { raiseAt: 0.5, k: 3, n: 4 }

  it('opens at the third of four windows over the threshold', () => {
    expect(firstAlarm([0.9, 0.1, 0.9, 0.9, 0.9], rule)).toBe(3)
    expect(firstAlarm([0.9, 0.1, 0.9, 0.1, 0.9, 0.1], rule)).toBe(-1)
  })

  it('tells found, early, late and healthy lives apart', () => {
    const life = (id: string, alarmAt: number, healthy = false) => ({
      id,
      failureProbability: Array.from({ length: 100 }, (_, i) => (i >= alarmAt - 2 ? 1 : 0)),
      rul: healthy ? null : Array.from({ length: 100 }, (_, i) => 99 - i),
    })
    const quality = alarmQuality(
      [life('found', 70), life('early', 30), life('late', 95), life('never', 200), life('well', 50, true)],
      rule,
      [15, 50],
    )
    expect(quality).toMatchObject({ failures: 4, found: 1, falseAlarms: 1, missed: 3, falseOnHealthy: 1 })
    expect(quality.leads).toEqual([4, 29, 69])
  })

  it('takes percentiles between ranks', () => {
    expect(percentile([10, 20, 30], 0.25)).toBe(15)
    expect(percentile([], 0.5)).toBeNaN()
  })
})

describe('trials', () => {
  const lives = [pressLife(1, 80, 100), pressLife(2, 70, 90)]

  it('ask at the last row with what then remains', () => {
    const trials = lastCycleTrials(press, lives)
    expect(trials.map((t) => [t.truth, t.window.rows])).toEqual([
      [21, 16],
      [21, 16],
    ])
  })

  it('cut each life at seeded rows, none before the thirtieth nor at the end', () => {
    const trials = cutTrials(press, lives, 50, 3)
    expect(trials.length).toBe(100)
    expect(cutTrials(press, lives, 50, 3).map((t) => t.truth)).toEqual(trials.map((t) => t.truth))
    expect(cutTrials(press, lives, 50, 4).map((t) => t.truth)).not.toEqual(trials.map((t) => t.truth))
    const truths = trials.slice(0, 50).map((t) => t.truth)
    expect(Math.max(...truths)).toBeLessThanOrEqual(100 - 29)
    expect(Math.min(...truths)).toBeGreaterThan(21)
  })
})

describe('ridge', () => {
  it('beats the mean on presses it never saw', () => {
    const lives = Array.from({ length: 10 }, (_, i) => pressLife(i, 120, 120))
    const shape = {
      inputs: ['force', 'heat'],
      smoothings: [{ kind: 'ema' as const, alpha: 0.3 }],
      usage: null,
      regime: null,
    }
    const trials = cutTrials(press, [pressLife(50, 120, 120)], 60, 1).map((t) => ({
      ...t,
      truth: Math.min(60, t.truth),
    }))
    const windows = trials.map((t) => t.window)
    for (const order of ['linear', 'quadratic'] as const) {
      const predicted = trainRidge(press, lives, shape, order)(windows)
      expect(rmse(trials.map((t, i) => ({ predicted: predicted[i]!, truth: t.truth })))).toBeLessThan(12)
    }
  })
})
