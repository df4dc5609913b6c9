import { createMemorySettings } from '../../alerts/settings/memorySettings.ts'
import { ManualClock } from '../../core/clock.ts'
import { settingStoreContract } from './policySettings.suite.ts'

settingStoreContract('memory', async () => {
  const clock = new ManualClock(1_732_250_100_000)
  return { store: createMemorySettings(clock), clock }
})
