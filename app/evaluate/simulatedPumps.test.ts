import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../core/catalogue.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { openBackend } from '../../models/backend.ts'
import { isMet } from '../../models/evaluation/aims.ts'
import { loadAssetModel } from '../../models/scoring/assetModel.ts'
import { judgeSimulatedPumps } from './simulatedPumps.ts'

const yaml = await readFile(new URL('../../catalogue/pump.yaml', import.meta.url), 'utf8')
const pump = parseAssetType(parse(yaml), 'pump.yaml')
const artifacts = fileURLToPath(new URL('../../models/artifacts/pump', import.meta.url))
const policy = { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 }

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
