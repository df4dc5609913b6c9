import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press, pressLife } from '../../test/properties/tinyAsset.ts'
import { openBackend } from '../backend.ts'
import { alarmQuality, firstAlarm, percentile } from './alarms.ts'
import { ensembleOf, intervalFigures } from './benchmark.ts'
import { lifeOf, readRul } from './cmapss.ts'
import { coverage90, phmScore, rmse } from './metrics.ts'
import { rawWindowForecasts } from './rawWindow.ts'
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
    await expect(readRul(join(folder, 'absent.txt'))).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE' })
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

describe('what a trial shows', () => {
  const lives = [pressLife(1, 80, 100)]
  const withUsage = {
    ...press,
    channels: press.channels.map((c, i) => (i === 2 ? { ...c, role: 'usage' as const } : c)),
  }
  const cut = (late: boolean, usage: boolean) => cutTrials(withUsage, lives, 40, 3, { late, usage })

  it('changes neither the cuts nor the newest row', () => {
    const [whole, late] = [cut(false, true), cut(true, true)]
    expect(late.map((t) => t.truth)).toEqual(whole.map((t) => t.truth))
    late.forEach(({ window }, i) => {
      expect(window.values.slice(-3)).toEqual(whole[i]!.window.values.slice(-3))
    })
  })

  it('leaves at least 30 rows of a late start, in a window of 60', () => {
    const long = { ...withUsage, window: { ...withUsage.window, length: 60 } }
    const rows = cutTrials(long, lives, 200, 3, { late: true, usage: true }).map((t) => t.window.rows)
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(30)
    expect(new Set(rows).size).toBeGreaterThan(10)
  })

  it('hides the usage and nothing else', () => {
    const [told, hidden] = [cut(false, true), cut(false, false)]
    hidden.forEach(({ window }, i) => {
      window.values.forEach((value, place) => {
        expect(value).toBe(place % 3 === 2 ? Number.NaN : told[i]!.window.values[place])
      })
    })
  })
})

describe('an ensemble', () => {
  it('is the mean of its members, quantile by quantile', () => {
    const rul = (p50: number) => ({ p05: p50 - 20, p10: p50 - 10, p50, p90: p50 + 10, p95: p50 + 30 })
    const [joined] = ensembleOf([[{ mean: 40, rul: rul(50) }], [{ mean: 60, rul: rul(80) }]])
    expect(joined).toEqual({ mean: 50, rul: { p05: 45, p10: 55, p50: 65, p90: 75, p95: 95 } })
  })
})

describe('interval figures', () => {
  it('tell the bands of true remaining life apart, the cap among the last', () => {
    const interval = { p05: 20, p10: 30, p50: 40, p90: 90, p95: 100 }
    const trials = [10, 25, 50, 79, 80, 500].map((truth) => ({ truth }))
    const found = intervalFigures(
      trials,
      trials.map(() => ({ mean: 40, rul: interval })),
      125,
    )
    expect(found.coverage90).toBeCloseTo(4 / 6)
    expect(found.bands.below30).toEqual({ count: 2, coverage: 0.5, meanWidth: 80 })
    expect(found.bands.from30to80).toEqual({ count: 2, coverage: 1, meanWidth: 80 })
    expect(found.bands.above80).toEqual({ count: 2, coverage: 0.5, meanWidth: 80 })
  })
})

describe('the network on the raw window', () => {
  it('learns presses it never saw', async () => {
    await openBackend()
    const lives = Array.from({ length: 10 }, (_, i) => pressLife(i, 120, 120))
    const long = { ...press, window: { ...press.window, length: 40 } }
    const trials = cutTrials(long, [pressLife(50, 120, 120)], 60, 1)
    const options = { seed: 1, epochs: 15, batch: 64, rate: 5e-3, dropout: 0 }
    const predicted = await rawWindowForecasts(
      long,
      lives,
      ['force', 'heat'],
      options,
      trials.map((t) => t.window),
    )
    const pairs = trials.map((t, i) => ({ predicted: predicted[i]!, truth: Math.min(60, t.truth) }))
    expect(rmse(pairs)).toBeLessThan(15)
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
