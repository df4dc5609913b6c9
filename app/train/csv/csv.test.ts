import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAssetType } from '../../../core/catalogue.ts'
import { prepareData } from '../../../models/training/prepare.ts'
import { recipeFor } from '../../../models/training/recipes.ts'
import { press, pressStart } from '../../../test/properties/tinyAsset.ts'
import {
  csvText,
  failuresOf,
  pressLines,
  quickRecipe,
  writeFiles,
} from '../../../test/support/pressTables.ts'
import { numberIn } from './cells.ts'
import { isSameUnit, parseHeading } from './header.ts'
import { csvSource } from './source.ts'

const names = press.channels.map(({ name }) => name)
const read = (data: string, events?: string) => csvSource(press, quickRecipe, { data, events })

describe('CSV', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
  const value = fc.oneof({ weight: 9, arbitrary: finite }, { weight: 1, arbitrary: fc.constant(Number.NaN) })
  const reading = fc.record({
    device: fc.constantFrom('a', 'b 2', 'c"x', 'd;e,f'),
    step: fc.integer({ min: 1, max: 1e9 }),
    values: fc.tuple(value, value, value),
  })

  it('gives back what was written, in any separator, time format and mixture of devices', async () => {
    const { folder } = await writeFiles({})
    const file = join(folder, 'written.csv')
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        async (drawn, separator, iso) => {
          let now = pressStart
          const rows = drawn.map(({ step, ...rest }) => {
            now += step
            return { ...rest, time: now }
          })
          const text = rows.map(({ device, time, values }) =>
            [quoted(device), iso ? new Date(time).toISOString() : time, ...values].join(separator),
          )
          await writeFile(file, [['device', 'time', ...names].join(separator), ...text].join('\n'))
          const { series } = await read(file)
          expect(series.map(({ device }) => device)).toEqual([...new Set(rows.map(({ device }) => device))])
          for (const one of series) {
            const own = rows.filter(({ device }) => device === one.device)
            expect([...one.times]).toEqual(own.map(({ time }) => time))
            // a table cannot tell -0 from 0
            expect(one.channels.map((c) => [...c].map((v) => v + 0))).toEqual(
              names.map((_, c) => own.map(({ values }) => values[c]! + 0)),
            )
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('reads all files of a folder but the events, and names the columns that it ignores', async () => {
    const lines = pressLines(2, 1).map((line) => ({ ...line, operator: 'Anna', shift: 1 }))
    const files = await writeFiles({
      one: csvText(lines.slice(0, 120)),
      two: csvText(lines.slice(120), ';'),
      events: csvText(failuresOf(lines)),
    })
    const raw = await read(files.folder, files.events)
    expect(raw.series.map(({ device, times }) => [device, times.length])).toEqual([
      ['worn-0', 120],
      ['worn-1', 120],
      ['fit-2', 120],
    ])
    expect(raw.events).toMatchObject([
      { device: 'worn-0', kind: 'failed', mode: 'worn_die' },
      { device: 'worn-1', kind: 'failed' },
    ])
    expect(raw.notes).toEqual(['Columns that the catalogue does not know were ignored: operator, shift.'])
  })

  it('takes remaining lives from a column, empty where no failure is in sight', async () => {
    const lines = pressLines(1, 1).map((line, i) => ({ ...line, rul: i < 120 ? 120 - i : '' }))
    const { data } = await writeFiles({ data: csvText(lines) })
    const { series } = await read(data)
    expect([series[0]!.rul![0], series[0]!.rul![119]]).toEqual([120, 1])
    expect(series[1]!.rul!.every(Number.isNaN)).toBe(true)
  })

  it('wants a folder to tell life ends in one way', async () => {
    const lines = pressLines(1, 1)
    const files = await writeFiles({
      one: csvText(lines.slice(0, 9)),
      two: csvText([{ ...lines[200]!, rul: 3 }]),
    })
    await expect(read(files.folder)).rejects.toMatchObject({ code: 'TRAINING_DATA_INVALID' })
  })

  it('says where a file cannot be read', async () => {
    const missing = { code: 'DATA_FILE_UNREADABLE', remedy: expect.stringContaining('Check the path') }
    await expect(read('/nowhere.csv')).rejects.toMatchObject(missing)
    const { data } = await writeFiles({ data: csvText(pressLines(1, 1)) })
    await expect(read(data, '/nowhere.csv')).rejects.toMatchObject(missing)
    const { folder } = await writeFiles({})
    await expect(read(folder)).rejects.toThrow('there is no .csv file in the folder')
  })
})

describe('CSV of a machine that counts in steps', () => {
  const drill = parseAssetType(
    {
      ...press,
      name: 'drill',
      window: { ...press.window, by: 'steps' },
      channels: [
        { name: 'holes', label: 'Holes', unit: '1', role: 'usage', plausible: [0, 1e6] },
        ...press.channels,
      ],
    },
    'drill.yaml',
  )
  const lines = ['worn-0', 'worn-1', 'fit-2'].flatMap((device, d) =>
    Array.from({ length: 50 }, (_, i) => ({ device, holes: i + 1, force: i + d, heat: i % 7, speed: i % 5 })),
  )
  const failures = ['worn-0', 'worn-1'].map((device) => ({ device, time: 50, kind: 'failed' }))

  it('needs no time, and tells life ends in the same steps', async () => {
    const files = await writeFiles({ data: csvText(lines), events: csvText(failures) })
    const raw = await csvSource(drill, recipeFor(drill), files)
    const { set, summary } = prepareData(drill, recipeFor(drill), raw)
    expect(summary).toMatchObject({ ends: { failed: 2, running: 1 }, rows: 150, leftOut: {} })
    expect([...set.lives[0]!.rul!]).toEqual(Array.from({ length: 50 }, (_, i) => 49 - i))
  })

  it('wants such steps in the events, too', async () => {
    const dated = failures.map((one) => ({ ...one, time: '2025-01-01T00:00:00Z' }))
    const files = await writeFiles({ data: csvText(lines), events: csvText(dated) })
    await expect(csvSource(drill, recipeFor(drill), files)).rejects.toThrow(
      'expected mins as in the readings',
    )
  })
})

describe('a heading', () => {
  it.each([
    ['temperature', 'temperature', undefined],
    ['temperature [degF]', 'temperature', 'degF'],
    ['temperature[[degF]]', 'temperature', '[degF]'],
    ['temperature (°F)', 'temperature', '°F'],
    ['[degF]', '[degF]', undefined],
  ])('%s has its name and unit', (cell, name, unit) => {
    expect(parseHeading(cell)).toEqual({ name, unit })
  })

  it.each([
    ['degF', '[degF]', true],
    ['°C', 'Cel', true],
    ['rpm', '{rpm}', true],
    ['m³/h', 'm3/h', true],
    ['widgets', 'widgets', true],
    ['degF', 'Cel', false],
    ['K', 'Cel', false],
    ['mm/s', 'm/s', false],
    ['bar', 'mm/s', false],
    ['widgets', 'Cel', false],
  ])('in %s is in the catalogue’s %s: %s', (told, unit, same) => {
    expect(isSameUnit(told, unit)).toBe(same)
  })
})

it('takes the usual words for nothing as nothing, and no text as a number', () => {
  expect(['', 'NaN', 'NA', 'null'].map(numberIn)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  expect(['1e3', ' -2.5', '0x10', '1,5', 'Infinity', 'x'].map(numberIn)).toEqual([
    1000,
    -2.5,
    16,
    undefined,
    undefined,
    undefined,
  ])
})
