import { afterAll, describe, expect, it } from 'vitest'
import type { BudgetPreview, PolicyAnswer, SettingChange } from '../schemas/policy.ts'
import { closeServers, serve } from '../testing/server.ts'

afterAll(closeServers)

const by = { actor: 'Ines', reason: 'two mechanics are away' }
const pumpOf = ({ types }: PolicyAnswer) => types.find(({ assetType }) => assetType === 'pump')!

describe('policy', () => {
  it('tells what counts, and that the configuration says so', async () => {
    const { get } = await serve()
    const pump = pumpOf(await get<PolicyAnswer>('/api/policy'))
    expect(pump).toMatchObject({ raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4, perWeek: null, change: null })
    expect(pump.automation.map(({ mode }) => mode)).toEqual(['bearing_wear', 'cavitation', 'unknown'])
    expect(pump.automation[1]).toMatchObject({ level: 'automatic', right: 8, wrong: 0, change: null })
  })

  it('sets a threshold by hand; the hysteresis keeps its ratio and the device tells it', async () => {
    const { get, put } = await serve()
    const made = await put<SettingChange>('/api/policy/threshold/pump', { ...by, raiseAt: 0.8 })
    expect(made).toMatchObject({ id: 1, ...by, before: null, after: { raiseAt: 0.8, perWeek: null } })
    expect(pumpOf(await get<PolicyAnswer>('/api/policy'))).toMatchObject({ raiseAt: 0.8, clearBelow: 0.4 })
    const { alarm } = await get<{ alarm: { raiseAt: number } }>('/api/devices/pump-1')
    expect(alarm.raiseAt).toBe(0.8)
  })

  it('sets a budget, and gives its preview', async () => {
    const { get, put } = await serve()
    await put('/api/policy/budget/pump', { ...by, perWeek: 2 })
    const answer = await get<PolicyAnswer>('/api/policy')
    expect(pumpOf(answer)).toMatchObject({ raiseAt: 0.7, perWeek: 2 })
    expect(answer.history).toHaveLength(1)
    const preview = await get<BudgetPreview>('/api/policy/budget/pump/preview?perWeek=3')
    expect(preview).toMatchObject({
      perWeek: 3,
      chosen: 0.7,
      rows: [{ raised: 1, failures: [{ outcome: 'found' }] }],
    })
  })

  it('sets what alarms of a mode may do; what they have earned begins anew', async () => {
    const { get, put, clock } = await serve()
    clock.advance(1)
    await put('/api/policy/automation/pump/cavitation', { ...by, level: 'suggest' })
    const { automation } = pumpOf(await get<PolicyAnswer>('/api/policy'))
    expect(automation[1]).toMatchObject({ level: 'suggest', right: 0, wrong: 0, change: by })
  })

  it('refuses what is no setting', async () => {
    const { put, get } = await serve()
    await put('/api/policy/threshold/pump', { ...by, raiseAt: 0 }, 400)
    await put('/api/policy/budget/pump', { ...by, perWeek: -1 }, 400)
    await put('/api/policy/automation/pump/cavitation', { ...by, level: 'always' }, 400)
    await put('/api/policy/automation/pump/rust', { ...by, level: 'suggest' }, 404)
    await put('/api/policy/threshold/pump', { actor: 'Ines', raiseAt: 0.5 }, 400)
    await get('/api/policy/budget/pump/preview?perWeek=many', 400)
  })
})
