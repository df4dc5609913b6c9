import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelRegistry } from '../../core/ports.ts'

export interface RegistryUnderTest {
  readonly registry: ModelRegistry
  /** The same registry as another process has it. */
  other(): ModelRegistry
  /** Folders of three models of `assetType`: the first is the base, which is in force from the beginning. */
  readonly folders: readonly [string, string, string]
  readonly hashes: readonly [string, string, string]
  readonly assetType: string
}

const by = { actor: 'ada', reason: 'trained on last year' }

/** What every model registry must do; `make` is called before each test. */
export function modelRegistryContract(name: string, make: () => Promise<RegistryUnderTest>): void {
  describe(`model registry: ${name}`, () => {
    let test: RegistryUnderTest
    let registry: ModelRegistry
    let type: string
    beforeEach(async () => {
      test = await make()
      registry = test.registry
      type = test.assetType
    })

    const register = async (...which: (0 | 1 | 2)[]) => {
      for (const i of which) await registry.register(type, test.folders[i], by)
    }
    const decide = (
      action: 'challenged' | 'promoted' | 'refused' | 'withdrawn',
      i: 0 | 1 | 2,
      at = registry,
    ) => at.decide(type, { action, hash: test.hashes[i], ...by })
    const rollBack = () => registry.decide(type, { action: 'rolled_back', ...by })
    const inForce = (at = registry) => at.inForce(type)

    it('begins with the base as champion, and lists it', async () => {
      expect(await inForce()).toEqual({ champion: test.hashes[0], challenger: null })
      expect((await registry.versions(type)).map((v) => v.hash)).toEqual([test.hashes[0]])
      expect(await registry.decisions(type)).toEqual([])
    })

    it('knows nothing of a type without a model', async () => {
      expect(await registry.inForce('unheard')).toEqual({ champion: null, challenger: null })
      expect(await registry.versions('unheard')).toEqual([])
    })

    it('keeps a copy of what is registered, once', async () => {
      await register(1, 1)
      const [base, version] = await registry.versions(type)
      expect(base?.hash).toBe(test.hashes[0])
      expect(version).toMatchObject({
        assetType: type,
        hash: test.hashes[1],
        kinds: ['forecaster', 'autoencoder'],
      })
      expect(version?.metrics.outOfFoldRmseCapped).toBeGreaterThan(0)
      expect(
        (await registry.decisions(type)).map(({ number, action, actor }) => [number, action, actor]),
      ).toEqual([[1, 'registered', 'ada']])
      expect(await registry.folderOf(type, test.hashes[1])).not.toBe(test.folders[1])
      expect(await inForce()).toEqual({ champion: test.hashes[0], challenger: null })
    })

    it('lets a challenger take over, and rolls back step by step', async () => {
      await register(0, 1, 2)
      await decide('challenged', 1)
      expect(await inForce()).toEqual({ champion: test.hashes[0], challenger: test.hashes[1] })
      await decide('promoted', 1)
      expect(await inForce()).toEqual({ champion: test.hashes[1], challenger: null })
      await decide('promoted', 2)
      expect((await rollBack()).hash).toBe(test.hashes[1])
      expect(await inForce()).toEqual({ champion: test.hashes[1], challenger: null })
      await rollBack()
      expect(await inForce()).toEqual({ champion: test.hashes[0], challenger: null })
      await expect(rollBack()).rejects.toMatchObject({ code: 'MODEL_DECISION_INVALID' })
    })

    it('says who decided what, when and on which figures', async () => {
      await register(1)
      await registry.decide(type, {
        action: 'challenged',
        hash: test.hashes[1],
        ...by,
        figures: { brier: 0.1 },
      })
      const last = (await registry.decisions(type)).at(-1)!
      expect(last).toMatchObject({
        number: 2,
        action: 'challenged',
        actor: 'ada',
        reason: by.reason,
        before: test.hashes[0],
        figures: { brier: 0.1 },
      })
      expect(last.at).toBeGreaterThan(0)
    })

    it('ends a challenge without a promotion', async () => {
      await register(1)
      await decide('challenged', 1)
      await decide('refused', 1)
      expect(await inForce()).toEqual({ champion: test.hashes[0], challenger: null })
      await expect(decide('withdrawn', 1)).rejects.toMatchObject({ code: 'MODEL_DECISION_INVALID' })
    })

    it('refuses what makes no sense, and models that it does not have', async () => {
      await expect(decide('promoted', 0)).rejects.toMatchObject({ code: 'MODEL_DECISION_INVALID' })
      await expect(decide('challenged', 2)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' })
      await expect(registry.folderOf(type, test.hashes[2])).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' })
      expect(await registry.decisions(type)).toEqual([])
    })

    it('counts one of two decisions that are made at once, and tells the other one', async () => {
      await register(1, 2)
      const other = test.other()
      const results = await Promise.allSettled([decide('challenged', 1), decide('challenged', 2, other)])
      const won = results.filter((r) => r.status === 'fulfilled')
      const lost = results.filter((r) => r.status === 'rejected')
      for (const { reason } of lost) expect(reason).toMatchObject({ code: 'MODEL_STALE' })
      expect(won.length).toBeGreaterThan(0)
      expect(await registry.decisions(type)).toEqual(await other.decisions(type))
      expect((await registry.decisions(type)).map((d) => d.number)).toEqual(
        Array.from({ length: 2 + won.length }, (_, i) => i + 1),
      )
      expect(await inForce(other)).toEqual(await inForce())
    })
  })
}
