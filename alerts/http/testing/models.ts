import { ForewarnError } from '../../../core/errors.ts'
import { assertDecision, type ModelDecision, type ModelVersion, standingAfter } from '../../../core/model.ts'
import type { ModelComparison, ModelsDeps } from '../deps.ts'
import { now } from './fixtures.ts'

/** Whole hashes of the two models there are: the champion's and the one that may challenge it. */
export const championHash = 'a'.repeat(64)
export const otherHash = 'b'.repeat(64)

const version = (hash: string): ModelVersion => ({
  assetType: 'pump',
  hash,
  kinds: ['forecaster', 'autoencoder'],
  trainedAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  data: { name: 'last year', sha256: 'c'.repeat(64), devices: 40, rows: 4_000 },
  metrics: { outOfFoldRmseCapped: 9.5 },
})

/** What is too little known: nothing but one failure has been seen. */
export const comparison: ModelComparison = {
  assetType: 'pump',
  championHash,
  challengerHash: otherHash,
  verdict: 'undecided',
  reason: 'it has seen 1 of the 5 failures that a decision needs',
  failures: 1,
  healthy: 0,
  windows: 5,
  champion: 0.2,
  challenger: 0.1,
  gain: 0.1,
  gainLow: Number.NaN,
  gainHigh: Number.NaN,
}

/** A registry in memory, and a referee who calls nothing better. */
export function fakeModels(): ModelsDeps {
  const decisions: ModelDecision[] = []
  const standing = () => standingAfter(decisions, championHash)
  const registry: ModelsDeps['registry'] = {
    versions: async (assetType) => (assetType === 'pump' ? [championHash, otherHash].map(version) : []),
    decisions: async () => decisions,
    inForce: async () => ({ champion: standing().champion, challenger: standing().challenger }),
    async decide(_assetType, { action, actor, reason, hash = standing().replaced.at(-1) ?? '' }) {
      assertDecision(action, hash, standing())
      const made = {
        number: decisions.length + 1,
        at: now,
        actor,
        action,
        hash,
        before: standing().champion,
        reason,
      }
      decisions.push(made)
      return made
    },
  }
  return {
    registry,
    drift: () => ({
      windows: 1_000,
      channels: [{ channel: 'vibration', stabilityIndex: 0.3 }],
      drifting: ['vibration'],
      devices: [{ device: 'pump-2', site: 'north', channel: 'vibration', shift: -4 }],
    }),
    trackRecord: async () => ({
      coverage: 0.9,
      windows: 200,
      width: 30,
      failures: 3,
      precision: [{ mode: 'cavitation', confirmed: 3, refuted: 1, precision: 0.75 }],
    }),
    referee: {
      compare: async (assetType) => (standing().challenger === null ? null : { ...comparison, assetType }),
      async promote(assetType, { hash = otherHash, actor, reason, force }) {
        if (force) return registry.decide(assetType, { action: 'promoted', hash, actor, reason })
        throw new ForewarnError('MODEL_NOT_BETTER', { model: hash.slice(0, 12), problem: comparison.reason })
      },
    },
  }
}
