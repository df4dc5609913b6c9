import { beforeEach, describe, expect, it } from 'vitest'
import type { LifeEvent } from '../../core/device.ts'
import { assertDecision, type ModelDecision, standingAfter } from '../../core/model.ts'
import type { ModelRegistry, ScoreStore, StoredScore } from '../../core/ports.ts'
import { createMemoryStore } from '../../ingest/stores/memory.ts'
import { press } from '../../test/properties/tinyAsset.ts'
import { createReferee } from './referee.ts'

const hour = 60 * press.cadenceMs
const failures = 6
const by = { actor: 'ada', reason: 'a test' }
let decisions: ModelDecision[]
let scores: ScoreStore
let events: LifeEvent[]

/** Versions `old` and `new`; the first is the champion. */
const registry = {
  inForce: async () => standingAfter(decisions, 'old'),
  async decide(_type: string, { action, hash = '', actor, reason, figures }) {
    assertDecision(action, hash, standingAfter(decisions, 'old'))
    const made = { number: decisions.length + 1, at: 0, action, hash, actor, reason, before: 'old', figures }
    decisions.push(made)
    return made
  },
} as Pick<ModelRegistry, 'inForce' | 'decide'> as ModelRegistry

const referee = () =>
  createReferee({
    catalogue: new Map([[press.name, press]]),
    registry,
    scores,
    register: {
      list: async () =>
        Array.from({ length: failures }, (_, i) => ({
          device: `p-${i}`,
          site: 'hall',
          assetType: press.name,
          parent: null,
          criticality: 'medium',
          firstSeen: 0,
        })),
      events: async (device) => events.filter((e) => e.device === device),
    },
    tickets: { list: async () => [] },
  })

/** Every press fails after two hours; `probability` says what a model forecasts within its horizon and before. */
async function scored(
  role: StoredScore['role'],
  model: string,
  failing: number,
  calm: number,
): Promise<void> {
  for (let i = 0; i < failures; i++)
    await scores.writeScores(
      Array.from({ length: 120 }, (_, minute) => ({
        device: `p-${i}`,
        site: 'hall',
        assetType: press.name,
        windowEnd: minute * press.cadenceMs,
        model,
        role,
        anomaly: 1,
        rul: { p05: 0, p10: 0, p50: 0, p90: 0, p95: 0 },
        failureProbability: minute >= 120 - press.horizon ? failing : calm,
      })),
    )
}

beforeEach(() => {
  decisions = []
  scores = createMemoryStore(new Map([[press.name, press]]))
  events = Array.from({ length: failures }, (_, i) => ({
    device: `p-${i}`,
    time: 2 * hour,
    kind: 'failed',
    detail: '',
  }))
})

const challenge = () => registry.decide(press.name, { action: 'challenged', hash: 'new', ...by })

describe('the referee', () => {
  it('promotes a challenger that is better, with the figures that say so', async () => {
    await challenge()
    await scored('champion', 'old', 0.4, 0.2)
    await scored('challenger', 'new', 0.9, 0.1)
    const [made] = await referee().round()
    expect(made).toMatchObject({ action: 'promoted', hash: 'new', actor: 'forewarn' })
    expect(made!.figures).toMatchObject({ failures, healthy: failures })
    expect(made!.figures!.challenger).toBeCloseTo((0.1 ** 2 + 0.1 ** 2) / 2, 12)
    expect(await registry.inForce(press.name)).toMatchObject({ champion: 'new', challenger: null })
    expect(await referee().round()).toEqual([])
  })

  it('refuses one that is worse', async () => {
    await challenge()
    await scored('champion', 'old', 0.9, 0.1)
    await scored('challenger', 'new', 0.4, 0.2)
    expect(await referee().round()).toMatchObject([{ action: 'refused', hash: 'new' }])
    expect(await registry.inForce(press.name)).toMatchObject({ champion: 'old', challenger: null })
  })

  it('decides nothing while too little is known, and promotes nobody for it', async () => {
    await challenge()
    await scored('champion', 'old', 0.4, 0.2)
    await scored('challenger', 'new', 0.9, 0.1)
    events = events.slice(0, 2)
    expect(await referee().round()).toEqual([])
    await expect(referee().promote(press.name, by)).rejects.toMatchObject({
      code: 'MODEL_NOT_BETTER',
      details: { problem: 'it has seen 2 of the 5 failures that a decision needs' },
    })
  })

  it('compares nothing but windows that both have scored, by the models in force', async () => {
    await challenge()
    await scored('challenger', 'new', 0.9, 0.1)
    expect(await referee().compare(press.name)).toMatchObject({ windows: 0 })
    await scored('champion', 'older', 0.4, 0.2)
    expect(await referee().compare(press.name)).toMatchObject({ windows: 0 })
    await scored('champion', 'old', 0.4, 0.2)
    expect(await referee().compare(press.name)).toMatchObject({ windows: failures * 120 })
  })

  it('promotes no version that never challenged, but by force', async () => {
    await expect(referee().promote(press.name, { ...by, hash: 'new' })).rejects.toMatchObject({
      code: 'MODEL_NOT_BETTER',
    })
    await expect(referee().promote(press.name, by)).rejects.toMatchObject({ code: 'MODEL_DECISION_INVALID' })
    expect(await referee().promote(press.name, { ...by, hash: 'new', force: true })).toMatchObject({
      reason: 'forced: a test',
    })
  })
})
