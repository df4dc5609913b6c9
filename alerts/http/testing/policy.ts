import type { Clock } from '../../../core/clock.ts'
import { parseConfig } from '../../../core/config.ts'
import { createAutomation } from '../../policy/automation/automation.ts'
import type { PolicySettings } from '../../policy/settings.ts'
import { createPolicyInForce } from '../../settings/inForce.ts'
import { createMemorySettings } from '../../settings/memorySettings.ts'
import type { PolicyDeps } from '../deps.ts'
import { catalogue } from './fixtures.ts'

/** The policy's settings in memory: pumps had eight confirmed tickets; a preview knows of one threshold. */
export function fakePolicy(clock: Clock, policy: PolicySettings): PolicyDeps {
  const store = createMemorySettings(clock)
  const { automation } = parseConfig({}).policy
  const inForce = createPolicyInForce(store, { ...policy, automation })
  const outcomes = {
    verdicts: async () =>
      Array.from({ length: 8 }, () => ({ assetType: 'pump', mode: 'cavitation', right: true, at: 1 })),
    shadows: async () => [],
  }
  const setThreshold: PolicyDeps['budget']['setThreshold'] = async (assetType, raiseAt, by) => {
    const made = await store.change({
      setting: { kind: 'threshold', assetType, raiseAt, perWeek: null },
      ...by,
    })
    await inForce.refresh()
    return made
  }
  return {
    inForce,
    history: store.history,
    automation: createAutomation({ catalogue, inForce, store, outcomes, rules: automation }),
    budget: {
      setThreshold,
      set: async (assetType, perWeek, by) => {
        const made = await store.change({
          setting: { kind: 'threshold', assetType, raiseAt: 0.7, perWeek },
          ...by,
        })
        await inForce.refresh()
        return made
      },
      preview: async (assetType, perWeek = 2) => ({
        assetType,
        perWeek,
        present: policy.raiseAt,
        chosen: 0.7,
        reason: '0.7 would have opened 1 tickets a week over 28 days, the budget is 2',
        from: 1,
        until: 2,
        days: 28,
        devices: 1,
        scores: 2,
        seconds: 0.1,
        rows: [
          {
            raiseAt: 0.7,
            clearBelow: 0.35,
            raised: 1,
            perWeek: 1,
            busiestWeek: 1,
            right: 1,
            early: 0,
            false: 0,
            undecided: 0,
            found: 1,
            late: 0,
            toldEarly: 0,
            missed: 0,
            tickets: [{ device: 'pump-1', at: 1, mode: 'cavitation', outcome: 'found', lead: 30 }],
            failures: [{ device: 'pump-1', at: 2, mode: null, outcome: 'found' }],
          },
        ],
      }),
    },
  }
}
