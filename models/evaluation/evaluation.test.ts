import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press, pressLife } from '../../test/properties/tinyAsset.ts'
import { alarmQuality, firstAlarm, percentile } from './alarms.ts'
import { lifeOf, readRul } from './cmapss.ts'
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

describe('C-MAPSS', () => {
  it('turns the rows of an engine into series with what remains at each', () => {
    const rows = [Float64Array.of(1, 10, 100), Float64Array.of(2, 20, 200)]
    const life = lifeOf({ unit: 7, rows }, 7)
    expect(life.id).toBe('7')
    expect(life.values.map((series) => [...series])).toEqual([
      [1, 2],
      [10, 20],
      [100, 200],
    ])
    expect([...life.rul!]).toEqual([8, 7])
  })

  it('reads an RUL file with Windows line ends', async () => {
    expect(await readRul(await file('rul.txt', '112 \r\n98 \r\n'))).toEqual([112, 98])
  })

  it('names the line of an RUL file that is wrong', async () => {
    const words = await file('words.txt', '112\nmany\n')
    await expect(readRul(words)).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { line: 2, problem: 'not a number' },
    })
    await expect(readRul(await file('two.txt', '112 98\n'))).rejects.toMatchObject({ details: { line: 1 } })
    await expect(readRul(await file('empty.txt', '\n'))).rejects.toMatchObject({ code: 'DATA_FILE_INVALID' })
    await expect(readRul(join(folder, 'absent.txt'))).rejects.toMatchObject({ code: 'DATA_FILE_INVALID' })
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
