import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  csvText,
  failuresOf,
  type Line,
  pressLines,
  pressOptions,
  timeAt,
  writeFiles,
} from '../../test/support/pressTables.ts'
import { runTrain } from './train.ts'

const good = pressLines(4, 4)

interface Case {
  readonly lines?: Line[]
  readonly text?: string
  readonly events?: Line[] | null
  readonly requireFailures?: boolean
}

/** Trains on the files of a case; gives the error, which every case here has. */
async function refusal({
  lines = good,
  text = csvText(lines),
  events = failuresOf(lines),
  requireFailures,
}: Case) {
  const { folder, data, told } = await writeFiles({ data: text, told: events ? csvText(events) : '' })
  const given = { ...pressOptions(folder), data, events: events ? told : undefined, requireFailures }
  const error: unknown = await runTrain(given).catch((thrown: unknown) => thrown)
  expect(existsSync(join(folder, 'models'))).toBe(false)
  return error as { code: string; message: string; remedy: string }
}

const changed = (change: (line: Line, row: number) => Line, lines = good) => lines.map(change)
const set = (device: string, name: string, value: (old: number, row: number) => number | string) => {
  let row = 0
  return changed((line) =>
    line.device === device ? { ...line, [name]: value(Number(line[name]), row++) } : line,
  )
}
const renamed = (from: string, to: string) => csvText(good).replace(from, to)

const cases: [string, () => Case, RegExp, RegExp][] = [
  [
    'a channel that never moves',
    () => ({ lines: changed((line) => ({ ...line, heat: 40 })) }),
    /column heat: it is 40 in every reading/,
    /take the channel out of the catalogue/,
  ],
  [
    'a sensor that is stuck on one device',
    () => ({ lines: set('fit-5', 'heat', () => 41) }),
    /column heat: it is 41 in all 120 readings of device fit-5.*stuck/,
    /empty the column/,
  ],
  [
    'holes beyond what can be held',
    () => ({ lines: set('worn-1', 'force', (old, row) => (row % 8 < 6 ? '' : old)) }),
    /column force: device worn-1 lacks it in \d+ of 120 readings, more than 2 in a row/,
    /leave the device out/,
  ],
  [
    'a channel that a device does not have',
    () => ({ lines: set('worn-1', 'force', () => 'NaN') }),
    /column force: device worn-1 has no value of it/,
    /Fill the column/,
  ],
  [
    'one device only',
    () => ({ lines: good.filter(({ device }) => device === 'worn-0') }),
    /column device: all readings are of one device, worn-0/,
    /several devices/,
  ],
  [
    'no failure where failures are required',
    () => ({ events: null, requireFailures: true }),
    /life ends: no device runs to a failure/,
    /--events file.*or a column rul/,
  ],
  [
    'a single failure',
    () => ({ events: failuresOf(good).slice(0, 1) }),
    /life ends: only device worn-0 runs to a failure/,
    /kind failed/,
  ],
  [
    'a unit in the header that is not the catalogue’s',
    () => ({ text: renamed('heat', 'heat [degF]') }),
    /column heat: mixed units: the header says degF, the catalogue Cel/,
    /Convert the column to Cel/,
  ],
  [
    'devices in Fahrenheit among devices in Celsius',
    () => ({
      lines: changed((l) =>
        l.device === 'fit-6' || l.device === 'worn-2' ? { ...l, heat: Number(l.heat) * 1.8 + 32 } : l,
      ),
    }),
    /column heat: devices have mixed units: (fit-6, worn-2|worn-2, fit-6) read about 10\d.*Fahrenheit/,
    /Bring all devices to Cel/,
  ],
  [
    'a device whose force is a thousand times as great',
    () => ({ lines: set('worn-3', 'force', (old) => 1000 * old) }),
    /column force: devices have mixed units: worn-3 read about .* 1000 times as great/,
    /Bring all devices to kN/,
  ],
  [
    'a device that measures in hundredths',
    () => ({ lines: set('fit-4', 'speed', (old) => old / 100) }),
    /column speed: devices have mixed units: fit-4 read about 0\.1.*100 times as great/,
    /make two asset types/,
  ],
  [
    'lives too short for a window',
    () => ({ lines: good.filter(({ time }) => String(time) < timeAt(5)) }),
    /lives: no life is long enough.*fewer than the 6 rows/,
    /at least 6 readings/,
  ],
  [
    'failing lives too short for a window',
    () => ({
      lines: good.filter(({ device, time }) => String(device).startsWith('fit') || String(time) < timeAt(5)),
    }),
    /life ends: no device runs to a failure; 4 lives are shorter than 6 rows/,
    /Tell the failures/,
  ],
  [
    'two readings at one time',
    () => ({ lines: good.toSpliced(11, 0, good[10]!) }),
    /column time: line 13: device worn-0 has two readings at the same time/,
    /one reading for each device and time/,
  ],
  [
    'times that go back',
    () => ({ lines: [...good.slice(0, 10), good[11]!, good[10]!, ...good.slice(12)] }),
    /column time: line 13: the reading of device worn-0 is earlier/,
    /Sort the rows/,
  ],
  [
    'a column that is missing',
    () => ({ lines: changed(({ force: _, ...line }) => line) }),
    /column force: there is no such column/,
    /Add the column; the header has device, time, heat, speed/,
  ],
  [
    'a column in other letters',
    () => ({ text: renamed('force', 'Force') }),
    /column force: there is none, but there is Force/,
    /case-sensitive/,
  ],
  ['a column twice', () => ({ text: renamed('speed', 'heat') }), /column heat: it stands twice/, /Leave one/],
  [
    'no column of devices',
    () => ({ text: renamed('device', 'machine') }),
    /column device: there is no such column/,
    /machine, time/,
  ],
  [
    'a failure mode that nobody knows',
    () => ({ events: failuresOf(good).map((one) => ({ ...one, mode: 'gremlins' })) }),
    /column mode: line 2: the catalogue has no failure mode gremlins/,
    /worn_die/,
  ],
  [
    'an event of a device without readings',
    () => ({ events: [...failuresOf(good), { device: 'worm-1', time: timeAt(1), kind: 'failed' }] }),
    /column device: line 6: there is no reading of device worm-1/,
    /Correct the name/,
  ],
  [
    'ends that are told twice',
    () => ({ lines: changed((line) => ({ ...line, rul: '' })) }),
    /column rul: life ends are told twice/,
    /Leave out one/,
  ],
]

describe('training data that cannot be used', () => {
  it.each(cases)('%s is refused with its column and a remedy', async (_, make, problem, remedy) => {
    const error = await refusal(make())
    expect(error.code, error.message).toBe('TRAINING_DATA_INVALID')
    expect(error.message).toMatch(problem)
    expect(error.remedy).toMatch(remedy)
    expect(error.remedy).toMatch(/\.$/)
  })

  const unreadable: [string, () => Case, RegExp][] = [
    [
      'a cell that is no number',
      () => ({ lines: set('worn-0', 'heat', (old, row) => (row === 3 ? 'warm' : old)) }),
      /line 5: column heat is not a number: "warm"/,
    ],
    [
      'a time without a zone',
      () => ({ text: renamed('T00:00:00.000Z', 'T00:00:00.000') }),
      /line 2: column time is "2025-01-01T00:00:00.000", expected ms or ISO 8601 with a zone/,
    ],
    [
      'an unknown kind of event',
      () => ({ events: [{ device: 'worn-0', time: timeAt(1), kind: 'exploded' }] }),
      /line 2: column kind is "exploded", known: installed, failed/,
    ],
    [
      'a row with a cell too many',
      () => ({ text: `${csvText(good)}a,b,c,d,e,f\n` }),
      /line 962: Invalid Record Length/,
    ],
    ['nothing', () => ({ text: '' }), /the file is empty/],
  ]
  it.each(unreadable)('%s is refused with its line', async (_, make, problem) => {
    const error = await refusal(make())
    expect(error.code, error.message).toBe('DATA_FILE_INVALID')
    expect(error.message).toMatch(problem)
  })

  it('names an asset type that the catalogue does not have, and a source that the type does not have', async () => {
    const options = pressOptions('nowhere')
    await expect(runTrain({ ...options, assetType: 'pres' })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    })
    await expect(runTrain(options)).rejects.toThrow('needs --data with a file or a folder')
    await expect(runTrain({ ...options, from: undefined })).rejects.toThrow(
      '--from store, csv, cmapss, simulator',
    )
    await expect(runTrain({ ...options, from: 'simulator' })).rejects.toThrow('the simulator makes pumps')
    await expect(runTrain({ ...options, from: 'cmapss' })).rejects.toThrow('hold turbofans')
    await expect(runTrain({ ...options, from: 'store' })).rejects.toThrow('needs a config')
  })
})
