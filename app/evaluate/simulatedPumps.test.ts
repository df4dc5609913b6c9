import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../core/catalogue.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { openBackend } from '../../models/backend.ts'
import { isMet } from '../../models/evaluation/aims.ts'
import { type AssetModel, loadAssetModel } from '../../models/scoring/assetModel.ts'
import { judgeSimulatedPumps } from './simulatedPumps.ts'

const yaml = await readFile(new URL('../../catalogue/pump.yaml', import.meta.url), 'utf8')
const pump = parseAssetType(parse(yaml), 'pump.yaml')
const artifacts = fileURLToPath(new URL('../../models/artifacts/pump', import.meta.url))
const policy = { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4, withdrawCleared: false }

describe('the shipped pump model, on pumps that trained nothing', () => {
  it('names the failure mode at the first alarm and meets its aims', { timeout: 120_000 }, async () => {
    await openBackend()
    const model = await loadAssetModel(artifacts, pump)
    const { aims, details } = judgeSimulatedPumps(pump, model, policy, { failingEach: 10, healthy: 4 })
    model.dispose()
    expect(aims.filter((aim) => !isMet(aim))).toEqual([])
    expect(Object.keys(details.confusion)).toEqual(pumpModes)
    for (const mode of pumpModes) expect(details.confusion[mode]![mode], mode).toBeGreaterThanOrEqual(7)
    expect(details.leadP10).toBeGreaterThan(12)
  })
})

describe('a pump of whose kind no failure was seen', () => {
  it('is alarmed before it fails, within its budget of false alarms', { timeout: 120_000 }, async () => {
    await openBackend()
    const model = await dayOneModel()
    const { details } = judgeSimulatedPumps(pump, model, policy, { failingEach: 4, healthy: 4 })
    model.dispose()
    expect(details.failuresAlarmed).toBe(1)
    expect(details.leadP10).toBeGreaterThan(12)
    expect(details.falseAlarmsPerDevice30Days).toBeLessThanOrEqual(1)
    expect(details.modesRight).toBeGreaterThan(0.7)
  })
})

/** The shipped detector without the forecaster that is shipped beside it. */
async function dayOneModel(): Promise<AssetModel> {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-dayone-'))
  try {
    await cp(join(artifacts, 'autoencoder'), join(folder, 'autoencoder'), { recursive: true })
    return await loadAssetModel(folder, pump)
  } finally {
    await rm(folder, { recursive: true })
  }
}
