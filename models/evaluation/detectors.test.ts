import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noise } from '../detection/testing.ts'
import { type Aim, isMet } from './aims.ts'
import { baselineDetectors } from './baselineDetectors.ts'
import { runIms } from './runIms.ts'
import { runSkab } from './runSkab.ts'

const data = process.env.FOREWARN_DATA ?? ''
const leftOut = (folder: string) =>
  existsSync(folder) ? '' : ' (left out: FOREWARN_DATA names no such folder)'
const figure = (aims: readonly Aim[], name: string) => aims.find((aim) => aim.figure === name)!

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-detectors-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, lines: readonly string[]): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), `${lines.join('\n')}\n`)
}

/** A file of 700 rows in the shape of SKAB; rows 500 to 599 are `shifted` and labelled. */
function circuit(seed: number, shifted: number, labelled = true): string[] {
  const next = noise(seed)
  const rows = Array.from({ length: 700 }, (_, row) => {
    const anomalous = row >= 500 && row < 600
    const values = [20 + next(), 5 + next() + (anomalous ? shifted : 0)]
    return `2020-03-09 16:16:${row};${values.join(';')}${labelled ? `;${Number(anomalous)};0` : ''}`
  })
  return [`datetime;Pressure;Flow${labelled ? ';anomaly;changepoint' : ''}`, ...rows]
}

describe('SKAB', () => {
  it('is judged over all files of its folders, the one without labels apart', async () => {
    await put('skab/valve1/0.csv', circuit(1, 2.5))
    await put('skab/other/1.csv', circuit(2, -2.5))
    await put('skab/anomaly-free/anomaly-free.csv', circuit(3, 0, false))
    const { aims, details } = await runSkab(join(folder, 'skab'))
    expect(details.files.map(({ file }) => file)).toEqual(['other/1.csv', 'valve1/0.csv'])
    expect(details.figures).toMatchObject({ events: 2, found: 2, falseOnsets: 0 })
    expect(details.figures.f1).toBeGreaterThan(0.85)
    expect(details.anomalyFree?.falseAlarmRate).toBeLessThan(0.05)
    expect(figure(aims, 'F1')).toMatchObject({ aim: [0.8, null], measured: details.figures.f1 })
    expect(figure(aims, 'F1').baseline!.value).toBeLessThan(details.figures.f1)
    expect(figure(aims, 'median detection delay, rows').measured).toBeLessThan(20)
  })

  it('names a file that is too short to learn from, and a folder without labels', async () => {
    await put('short/0.csv', circuit(1, 6).slice(0, 401))
    await expect(runSkab(join(folder, 'short'))).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { file: join(folder, 'short', '0.csv') },
    })
    await put('unlabelled/0.csv', circuit(1, 0, false))
    await expect(runSkab(join(folder, 'unlabelled'))).rejects.toMatchObject({ code: 'DATA_FILE_INVALID' })
  })

  const skab = join(data, 'skab')
  it.runIf(existsSync(skab))(`development part keeps its figures${leftOut(skab)}`, async () => {
    const { aims, details } = await runSkab(skab)
    expect(details.figures.f1).toBeGreaterThan(0.91)
    expect(details.figures.medianDelay).toBeLessThan(36)
    for (const name of ['F1', 'false alarm rate, %', 'events found, %', 'false alarm onsets'])
      expect(isMet(figure(aims, name)), name).toBe(true)
    expect(details.anomalyFree!.falseAlarmRate).toBeLessThan(0.1)
  })

  it.runIf(existsSync(skab))(`figures stand on a plateau of the settings${leftOut(skab)}`, async () => {
    const { settings } = (await runSkab(skab)).details
    const beside = [
      { readingsPerFalseAlarm: 10_000 },
      { readingsPerFalseAlarm: 50_000 },
      { memory: 200 },
      { memory: 300 },
      { clearShare: 0.25 },
      { persist: 3 },
      { persist: 5 },
    ]
    for (const change of beside) {
      const { figures, anomalyFree } = (await runSkab(skab, { ...settings, ...change })).details
      expect(figures.f1, JSON.stringify(change)).toBeGreaterThan(0.91)
      expect(figures.falseOnsets, JSON.stringify(change)).toBe(0)
      expect(anomalyFree!.falseAlarmRate, JSON.stringify(change)).toBeLessThan(0.15)
    }
  })
})

/** A test to failure in the shape of IMS: bearing `failing` grows from row 700 of 1000 on. */
function bearings(names: readonly string[], failing: string): string[] {
  const next = noise(9)
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const stamp = new Date(Date.UTC(2004, 1, 12, 10, 32) + row * 600_000).toISOString()
    const time = stamp.slice(0, 19).replace(/[-T:]/g, '.')
    const runIn = row < 60 ? 0.9 : 1
    const values = names.map((name) => {
      const growth = name.startsWith(failing) ? 1 + Math.max(0, row - 700) / 600 : 1
      return 0.1 * runIn * growth * (1 + 0.02 * next())
    })
    return `${row},${time},${values.join(',')}`
  })
  return [`,Datetime,${names.join(',')}`, ...rows]
}

describe('IMS', () => {
  it('is judged bearing by bearing, with two axes each or one, and learns behind the running-in', async () => {
    const axes = [1, 2, 3, 4].flatMap((b) => [`Bearing ${b}-A`, `Bearing ${b}-B`])
    await put('ims/1st_test.csv', bearings(axes, 'Bearing 4'))
    await put('ims/2nd_test.csv', bearings(['Bearing 1', 'Bearing 2', 'Bearing 3', 'Bearing 4'], 'Bearing 1'))
    await put('ims/notes.txt', ['not a test'])
    const { aims, details } = await runIms(join(folder, 'ims'))
    expect(details.tests.map((test) => test.file)).toEqual(['1st_test.csv', '2nd_test.csv'])
    for (const test of details.tests) {
      expect(test.learned.from).toBeGreaterThanOrEqual(36)
      const alarmed = test.bearings.filter((b) => b.alarmHours !== null).map((b) => b.bearing)
      expect(alarmed).toEqual([test.file.startsWith('1') ? 4 : 1])
    }
    // the growth begins 50 hours before the end and is 10 % after 10
    const lead = aims.filter((aim) => aim.figure.startsWith('first alarm')).map((aim) => aim.measured)
    expect(lead.every((hours) => hours > 30 && hours < 46)).toBe(true)
    expect(aims.filter((aim) => aim.figure.startsWith('healthy')).map((aim) => aim.measured)).toEqual([0, 0])
  })

  it('names a folder without a test, and a test that is too short', async () => {
    await put('none/notes.txt', ['not a test'])
    await expect(runIms(join(folder, 'none'))).rejects.toMatchObject({ code: 'DATA_FILE_INVALID' })
    await put('brief/2nd_test.csv', bearings(['Bearing 1'], 'Bearing 1').slice(0, 300))
    await expect(runIms(join(folder, 'brief'))).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { file: join(folder, 'brief', '2nd_test.csv') },
    })
    await expect(runIms(join(folder, 'absent'))).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE' })
  })

  const ims = join(data, 'ims')
  it.runIf(existsSync(ims))(`test 1 meets its aims${leftOut(ims)}`, async () => {
    const { aims } = await runIms(ims)
    expect(aims.filter((aim) => !isMet(aim))).toEqual([])
  })
})

describe('the baselines', () => {
  const next = noise(21)
  const healthy = Array.from({ length: 400 }, () => Float64Array.of(next(), 5 + next(), 7))

  it('let most healthy readings pass and see a large deviation, also of a channel that stood still', () => {
    for (const [name, teach] of Object.entries(baselineDetectors)) {
      const judge = teach(healthy)
      const passed = healthy.filter((reading) => !judge(reading)).length / healthy.length
      expect(passed, name).toBeGreaterThan(0.97)
      expect(judge(Float64Array.of(12, 5, 7)), name).toBe(true)
    }
  })
})
