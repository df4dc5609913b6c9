import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engineDevice, parseCmapss, readCmapss, selectUnits } from './cmapssFile.ts'

const line = (unit: number, cycle: number, value = 1.5) =>
  `${[unit, cycle, ...Array<number>(24).fill(value)].join(' ')}  `
const invalidAt = (lineNumber: number) =>
  expect.objectContaining({
    code: 'DATA_FILE_INVALID',
    details: expect.objectContaining({ line: lineNumber }),
  })

describe('C-MAPSS file', () => {
  it('gives each engine its rows: cycle, settings and sensors in the order of the catalogue', () => {
    const text = [line(1, 1), line(1, 2, 2.5), line(2, 1), ''].join('\n')
    const engines = parseCmapss(text, 'f')
    expect(engines.map((e) => [e.unit, e.rows.length])).toEqual([
      [1, 2],
      [2, 1],
    ])
    expect([...engines[0]!.rows[1]!]).toEqual([2, ...Array(24).fill(2.5)])
  })

  it.each([
    ['a column too few', '1 1 2 3', 'columns'],
    ['a word', line(1, 2).replace('1.5', 'x'), 'column 3'],
    ['not a number', line(1, 2).replace('1.5', 'NaN'), 'column 3'],
    ['a missing cycle', line(1, 3), 'cycle 2 belongs'],
    ['a repeated cycle', line(1, 1), 'cycle 2 belongs'],
    ['a broken unit', line(1.5, 1), 'unit'],
  ])('names the line of %s', (_, second, problem) => {
    const parsing = () => parseCmapss(`${line(1, 1)}\n${second}\n`, 'train.txt')
    expect(parsing).toThrow(invalidAt(2))
    expect(parsing).toThrow(problem)
  })

  it('refuses an empty file', () => {
    expect(() => parseCmapss('\n', 'f')).toThrow('empty')
  })

  it('reads back any engines that are written, whatever the spacing', () => {
    const life = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 6 })
    const gap = fc.constantFrom(' ', '  ', '\t')
    fc.assert(
      fc.property(
        fc.array(life, { minLength: 1, maxLength: 4 }),
        gap,
        fc.constantFrom('\n', '\r\n'),
        (lives, space, end) => {
          const text = lives
            .flatMap((values, u) =>
              values.map((v, c) => [u + 1, c + 1, ...Array<number>(24).fill(v)].map(String).join(space)),
            )
            .join(end)
          const engines = parseCmapss(text, 'f')
          const expected = lives.map((values) => values.map((v) => v + 0))
          expect(engines.map((e) => e.rows.map((row) => row[24]! + 0))).toEqual(expected)
        },
      ),
    )
  })

  it('never throws anything but an error of the catalogue, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        expect(() => parseCmapss(`${line(1, 1)}\n1 2 ${noise}`, 'f')).toThrow(
          expect.objectContaining({ code: 'DATA_FILE_INVALID' }),
        )
      }),
    )
  })

  it('says that a file is not there, not that it is damaged', async () => {
    await expect(readCmapss('/nowhere.txt')).rejects.toMatchObject({
      code: 'DATA_FILE_UNREADABLE',
      message: expect.stringContaining('/nowhere.txt cannot be read: ENOENT'),
    })
  })

  it('selects units and names one that is not there', () => {
    const engines = parseCmapss([line(1, 1), line(2, 1)].join('\n'), 'f')
    expect(selectUnits(engines, [2]).map((e) => e.unit)).toEqual([2])
    expect(() => selectUnits(engines, [1, 7])).toThrow('no unit 7')
  })

  it('names devices after the data set', () => {
    expect(engineDevice('/data/train_FD001.txt', 81)).toBe('FD001-81')
    expect(engineDevice('mine.txt', 3)).toBe('engine-3')
  })
})
