import { beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock } from '../../core/clock.ts'
import type { SettingWish } from '../../core/policySetting.ts'
import type { PolicySettingStore } from '../../core/ports.ts'

export interface SettingStoreUnderTest {
  readonly store: PolicySettingStore
  readonly clock: ManualClock
  /** Undefined where nothing outlives the process. */
  readonly restart?: (() => Promise<PolicySettingStore>) | undefined
}

const threshold = (
  assetType: string,
  raiseAt: number | null,
  perWeek: number | null = null,
): SettingWish => ({
  setting: { kind: 'threshold', assetType, raiseAt, perWeek },
  actor: 'Ines',
  reason: 'too many tickets',
})
const level = (mode: string, to: 'shadow' | 'suggest' | 'automatic'): SettingWish => ({
  setting: { kind: 'automation', assetType: 'press', mode, level: to },
  actor: 'policy',
  reason: 'earned',
  figures: { right: 14, wrong: 6, lower: 0.5576745843065064 },
})

/** What every store of the policy's settings must do; `make` is called once, for an empty one. */
export function settingStoreContract(name: string, make: () => Promise<SettingStoreUnderTest>): void {
  describe(`policy settings: ${name}`, () => {
    let test: SettingStoreUnderTest
    let store: PolicySettingStore
    beforeAll(async () => {
      test = await make()
      store = test.store
    })

    it('starts empty', async () => {
      expect(await store.revision()).toBe(0)
      expect(await store.inForce()).toEqual([])
      expect(await store.history()).toEqual([])
    })

    it('keeps who changed what, when and why, with what was before, to the last digit', async () => {
      const at = test.clock.now()
      const first = await store.change(threshold('press', 0.1 + 0.2, 3))
      const { setting, ...by } = threshold('press', 0.1 + 0.2, 3)
      expect(first).toEqual({ id: 1, at, before: null, after: setting, figures: {}, ...by })
      test.clock.advance(1_000)
      const second = await store.change(threshold('press', null))
      expect(second).toMatchObject({ id: 2, at: at + 1_000, before: first.after })
      expect(await store.history()).toEqual([second, first])
    })

    it('has one threshold an asset type and one level a mode in force, the newest', async () => {
      await store.change(threshold('pump', 0.7))
      await store.change(level('worn_die', 'shadow'))
      await store.change(level('unknown', 'suggest'))
      await store.change(level('worn_die', 'suggest'))
      const inForce = (await store.inForce()).map(({ id }) => id).sort()
      expect(inForce).toEqual([2, 3, 5, 6])
      expect(await store.revision()).toBe(6)
      expect((await store.history('press', 2)).map(({ id }) => id)).toEqual([6, 5])
      expect((await store.history('press', 2))[0]!.figures).toEqual({
        right: 14,
        wrong: 6,
        lower: 0.5576745843065064,
      })
    })

    it('refuses a change of what somebody else has changed meanwhile, and says who', async () => {
      const stale = store.change({ ...level('worn_die', 'automatic'), seen: 4 })
      await expect(stale).rejects.toMatchObject({
        code: 'SETTING_STALE',
        message: expect.stringContaining('policy'),
      })
      await expect(store.change({ ...level('new_mode', 'shadow'), seen: 1 })).rejects.toMatchObject({
        code: 'SETTING_STALE',
      })
      expect(await store.revision()).toBe(6)
      expect(await store.change({ ...level('new_mode', 'shadow'), seen: 0 })).toMatchObject({ before: null })
    })

    it('lets one of many who saw the same win', async () => {
      const seen = await store.revision()
      const wishes = Array.from({ length: 10 }, () => store.change({ ...level('new_mode', 'suggest'), seen }))
      const outcomes = await Promise.allSettled(wishes)
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it('keeps everything over a restart', async () => {
      if (!test.restart) return
      const before = await store.history()
      store = await test.restart()
      expect(await store.history()).toEqual(before)
    })
  })
}
