import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press, pressArtifacts, pressLife } from '../../test/properties/tinyAsset.ts'
import { judgeOwnData } from './ownData.ts'

let folder: string
const empty = mkdtempSync(join(tmpdir(), 'forewarn-own-'))
beforeAll(async () => {
  folder = join(await pressArtifacts(), press.name)
})
afterAll(() => {
  for (const made of [join(folder, '..'), empty]) rmSync(made, { recursive: true, force: true })
})

const failing = Array.from({ length: 6 }, (_, i) => pressLife(900 + i, 120, 120))
const healthy = [pressLife(950, 120)]
const options = { cuts: 20, seed: 1 }

describe('a forecaster on a user’s own lives', () => {
  it('is judged on those that failed, beside what needs no sensor', async () => {
    const result = await judgeOwnData(press, 'presses.csv', [...failing, ...healthy], folder, options)
    expect(result).toMatchObject({ failures: 6, predictions: 120, source: 'presses.csv', assetType: 'press' })
    expect(result.rmseCapped).toBeLessThan(result.baselines['always their own mean']!.rmseCapped)
    expect(result.coverage90).toBeGreaterThan(0.5)
    expect(await judgeOwnData(press, 'presses.csv', [...failing, ...healthy], folder, options)).toEqual(
      result,
    )
  })

  it('says what is missing', async () => {
    await expect(judgeOwnData(press, 'presses.csv', healthy, folder, options)).rejects.toThrow(
      'no life in presses.csv ends in a failure',
    )
    await expect(judgeOwnData(press, 'presses.csv', failing, empty, options)).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    })
  })
})
