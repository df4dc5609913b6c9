import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aimOf } from '../../models/evaluation/aims.ts'
import { evaluateAll, renderFrom, reportFiles, writeReport } from './all.ts'
import { renderReport } from './report.ts'
import type { EvaluationSet } from './sets.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-report-'))
  await mkdir(join(folder, 'gears'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const gears: EvaluationSet = {
  name: 'Gears',
  folder: 'gears',
  run: async (_, { seeds }, onStep) => {
    onStep('turning', 0.5)
    const values = Array.from({ length: seeds }, (_, seed) => 10 + seed)
    const baseline = { name: 'always the mean', value: 40 }
    return {
      aims: [
        aimOf({ set: 'Gears', figure: 'RMSE, turns', aim: [null, 11], values, baseline, note: 'a|b' }),
        aimOf({ set: 'Gears', figure: 'coverage', aim: [0.88, 0.92], values: [0.95] }),
        aimOf({ set: 'Gears', figure: 'noise, dB', aim: [null, null], values: [33] }),
      ],
      details: { tables: [{ title: 'By gear', head: ['gear', 'turns'], rows: [['first', 3]] }] },
    }
  },
}
const chains: EvaluationSet = { ...gears, name: 'Chains', folder: 'chains' }

const options = {
  catalogue: new Map(),
  data: '',
  seeds: 3,
  quick: false,
  measuredAt: '2025-02-03T04:05:06.000Z',
}

describe('the model report', () => {
  it('has a row an aim, tables, and what was skipped', async () => {
    const steps: [string, number][] = []
    const report = await evaluateAll({ ...options, data: folder }, (...step) => steps.push(step), [
      gears,
      chains,
    ])
    expect(steps).toEqual([['Gears turning', 0.5]])
    expect(report.skipped).toEqual(['Chains'])
    const text = renderReport(report)
    expect(text).toContain('1 of 2 aims are met')
    expect(text).toContain(
      '| Gears | RMSE, turns | at most 11 | 11.0 [10.0, 12.0] | 40.0 (always the mean) | yes | a\\|b |',
    )
    expect(text).toContain('| Gears | coverage | 0.88 to 0.92 | 0.950 |  | **no** |  |')
    expect(text).toContain('| Gears | noise, dB |  | 33.0 |  |  |  |')
    expect(text).toContain('## By gear')
    expect(text).toContain('| first | 3 |')
    expect(text).toContain('Chains: skipped')
    expect(text).toContain('2025-02-03, 3 seeds')
    expect(text).not.toContain('quick')
  })

  it('comes from its JSON alone', async () => {
    await writeReport(folder, await evaluateAll({ ...options, data: folder }, undefined, [gears]))
    const { json, markdown } = reportFiles(folder)
    const written = await readFile(markdown, 'utf8')
    await rm(markdown)
    await renderFrom(folder)
    expect(await readFile(markdown, 'utf8')).toBe(written)
    await rm(json)
    await expect(renderFrom(folder)).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE' })
  })
})
