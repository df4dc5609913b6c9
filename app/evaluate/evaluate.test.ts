import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalogue } from '../loadCatalogue.ts'
import { defaultFolders } from '../paths.ts'
import { studyCmapss, trainingFiles } from './cmapss/study.ts'
import { runEvaluate } from './evaluate.ts'

/*
 * Made-up engines, judged with the installed artifact: the figures mean nothing, the way from official files to them does.
 */
const catalogue = loadCatalogue()
const artifact = join(defaultFolders.models, 'turbofan')
let folder: string
let test: string
let rul: string

const engine = (unit: number, cycles: number) =>
  Array.from({ length: cycles }, (_, i) => {
    const sensors = Array.from({ length: 21 }, (_, s) => (500 + s + Math.sin(unit * i + s)).toFixed(2))
    return `${unit} ${i + 1} 0.0001 0.0002 100.0 ${sensors.join(' ')}  `
  }).join('\n')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-evaluate-'))
  test = join(folder, 'test_FD001.txt')
  rul = join(folder, 'RUL_FD001.txt')
  await writeFile(test, `${[engine(1, 40), engine(2, 90), engine(3, 31)].join('\n')}\n`)
  await writeFile(rul, '112 \n98 \n150 \n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the study', () => {
  it('takes the training files of a folder, in order, and no other', async () => {
    const data = await mkdtemp(join(tmpdir(), 'forewarn-study-'))
    for (const name of ['train_FD003.txt', 'train_FD001.txt', 'test_FD001.txt', 'readme.txt'])
      await writeFile(join(data, name), '')
    expect((await trainingFiles(data)).map((found) => found.name)).toEqual(['FD001', 'FD003'])
    await rm(data, { recursive: true })
    await expect(trainingFiles(data)).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE' })
  })

  it('says where there is nothing to study, or too little', async () => {
    const data = await mkdtemp(join(tmpdir(), 'forewarn-study-'))
    const options = { seeds: 1, quick: true }
    await expect(studyCmapss(data, catalogue, options)).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    await writeFile(join(data, 'train_FD001.txt'), `${engine(1, 40)}\n`)
    await expect(studyCmapss(data, catalogue, options)).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    await rm(data, { recursive: true })
  })
})

describe('evaluating on C-MAPSS files', () => {
  it('predicts once a unit, at its last cycle', async () => {
    const result = await runEvaluate({ catalogue, test, rul, artifact, seed: 1 })
    expect(result.predictions).toBe(3)
    for (const figure of [result.rmseCapped, result.rmseRaw, result.score, result.coverage90])
      expect(Number.isFinite(figure)).toBe(true)
    expect(result.rmseRaw).not.toBe(result.rmseCapped)
  })

  it('cuts whole lives where told to', async () => {
    const result = await runEvaluate({ catalogue, test, units: '1-2', cuts: 5, artifact, seed: 1 })
    expect(result.predictions).toBe(10)
  })

  it('says what is missing', async () => {
    await expect(runEvaluate({ catalogue, test, artifact, seed: 1 })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    })
    await expect(runEvaluate({ catalogue, test, rul, units: '9', artifact, seed: 1 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    // Every engine of the training file is tested, so none is left to train on.
    await expect(runEvaluate({ catalogue, train: test, test, rul, seed: 1 })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    })
  })
})
