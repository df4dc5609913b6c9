import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectionFigures } from './detection.ts'
import { readIms } from './ims.ts'
import { readSkab, readSkabFolder } from './skab.ts'

describe('figures of a detector', () => {
  it('are those of the protocol, counts pooled over the files', () => {
    const figures = detectionFigures([
      // 2 of 3 anomalous rows in alarm, 2 of 5 normal ones: one alarm lasts too long, one begins for nothing
      { labels: [0, 0, 0, 1, 1, 1, 0, 0], alarms: [1, 0, 0, 0, 1, 1, 1, 0] },
      { labels: [0, 1, 1, 0], alarms: [0, 0, 0, 0] },
    ])
    expect(figures).toEqual({
      f1: 2 / (2 + (2 + 3) / 2),
      falseAlarmRate: 2 / 7,
      missedAlarmRate: 3 / 5,
      events: 2,
      found: 1,
      medianDelay: 1,
      falseOnsets: 1,
    })
  })

  it('count an alarm that begins before the event as one for nothing, and the event as found at once', () => {
    const figures = detectionFigures([{ labels: [0, 0, 1, 1], alarms: [0, 1, 1, 1] }])
    expect(figures).toMatchObject({ found: 1, medianDelay: 0, falseOnsets: 1 })
  })

  it('are defined where nothing is labelled and nothing found', () => {
    expect(detectionFigures([{ labels: [0, 0], alarms: [0, 0] }])).toEqual({
      f1: 0,
      falseAlarmRate: 0,
      missedAlarmRate: 0,
      events: 0,
      found: 0,
      medianDelay: null,
      falseOnsets: 0,
    })
  })

  it('take the middle of two delays', () => {
    const run = (delay: number) => ({
      labels: Array.from({ length: 9 }, () => 1),
      alarms: Array.from({ length: 9 }, (_, row) => (row >= delay ? 1 : 0)),
    })
    expect(detectionFigures([run(1), run(4)]).medianDelay).toBe(2.5)
  })
})

describe('files of anomaly data sets', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-detection-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function file(name: string, lines: readonly string[]): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, `${lines.join('\r\n')}\r\n`)
    return path
  }

  it('SKAB: the clock and the labels are no channels; without labels all is normal', async () => {
    const header = 'datetime;Current;Flow;anomaly;changepoint'
    const labelled = await file('1.csv', [
      header,
      '2020-03-09 16:16:30;0.5;32;0.0;0.0',
      '2020-03-09 16:16:31;0.6;31;1.0;1.0',
    ])
    const run = await readSkab(labelled, '1.csv')
    expect(run.channels).toEqual(['Current', 'Flow'])
    expect(run.values.map((series) => [...series])).toEqual([
      [0.5, 0.6],
      [32, 31],
    ])
    expect([...run.labels]).toEqual([0, 1])
    const free = await readSkab(await file('2.csv', ['datetime;Current', '2020-03-09 16:16:30;0.5']), '2.csv')
    expect([...free.labels]).toEqual([0])
    await file('10.csv', ['datetime;Current', '2020-03-09 16:16:30;0.5'])
    expect((await readSkabFolder(folder)).map(({ name }) => name)).toEqual(['1.csv', '2.csv', '10.csv'])
  })

  it('SKAB: names the line and the column of what is wrong', async () => {
    const bad = await file('bad.txt', ['datetime;Current', 'now;0.5', 'now;much'])
    await expect(readSkab(bad, 'bad')).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { line: 3, problem: 'column Current is not a number: "much"' },
    })
    const short = await file('short.txt', ['datetime;Current', 'now;0.5;1'])
    await expect(readSkab(short, 'short')).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
      details: { line: 2 },
    })
    await expect(readSkab(await file('empty.txt', ['']), 'e')).rejects.toMatchObject({
      code: 'DATA_FILE_INVALID',
    })
    await expect(readSkabFolder(join(folder, 'absent'))).rejects.toMatchObject({
      code: 'DATA_FILE_UNREADABLE',
    })
  })

  it('IMS: one series a channel, and the time between recordings', async () => {
    const run = await readIms(
      await file('ims.txt', [
        ',Datetime,Bearing 1-A,Bearing 1-B',
        '0,2003.10.22.12.06.24,0.1,0.2',
        '1,2003.10.22.12.09.13,0.3,0.4',
      ]),
    )
    expect(run.channels).toEqual(['Bearing 1-A', 'Bearing 1-B'])
    expect(run.values.map((series) => [...series])).toEqual([
      [0.1, 0.3],
      [0.2, 0.4],
    ])
    expect(run.times[1]! - run.times[0]!).toBe(169_000)
  })
})
