import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../../core/clock.ts'
import type { DeviceAlarm } from '../../../core/ports.ts'
import { catalogue, makeScore, pump } from '../../http/testing/fixtures.ts'
import { withRaiseAt } from '../../settings/inForce.ts'
import { createJudge } from '../judge.ts'
import type { PolicySettings } from '../settings.ts'
import { raisesOf } from './replayScores.ts'
import { chooseThreshold, gridWith } from './threshold.ts'

const start = 1_732_250_000_000
const time = (slot: number) => start + slot * pump.cadenceMs

/** What the judge that runs live raises on these scores; a repair is told before the next window. */
async function raisedLive(
  probabilities: readonly number[],
  repairs: readonly number[],
  settings: PolicySettings,
): Promise<number[]> {
  const raises: number[] = []
  const judge = createJudge({
    alarms: {
      load: async () => new Map<string, DeviceAlarm>(),
      of: async () => undefined,
      standing: async () => new Set<string>(),
      save: async () => {},
    },
    queue: { add: async () => {} },
    settings,
    catalogue,
    clock: new ManualClock(time(10_000)),
  })
  for (const [slot, failureProbability] of probabilities.entries()) {
    const times = Float64Array.from({ length: pump.window.length }, (_, i) =>
      time(slot - pump.window.length + 1 + i),
    )
    const score = makeScore({ windowEnd: time(slot), failureProbability })
    const [decision] = await judge.judge([{ ...score, evidence: { ...score.evidence, times } }])
    if (decision!.kind === 'raise') raises.push(time(slot))
    if (repairs.includes(slot))
      await judge.event({ device: score.device, kind: 'repaired', time: time(slot) })
  }
  return raises
}

/** Stretches of calm, of doubt and of alarm, so that alarms come and go. */
const stretches = fc
  .array(
    fc.record({
      level: fc.constantFrom(0.02, 0.1, 0.3, 0.45, 0.55, 0.8, 0.97),
      length: fc.integer({ min: 1, max: 12 }),
      seed: fc.integer(),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((parts) =>
    parts.flatMap(({ level, length, seed }) =>
      Array.from({ length }, (_, i) => Math.min(1, Math.max(0, level + 0.12 * Math.sin(seed + 7 * i)))),
    ),
  )

const policies = fc
  .record({
    n: fc.integer({ min: 1, max: 6 }),
    k: fc.integer({ min: 1, max: 6 }),
    ratio: fc.constantFrom(0.25, 0.5, 1),
  })
  .map(({ n, k, ratio }) => ({ raiseAt: 0.5, clearBelow: 0.5 * ratio, k: Math.min(k, n), n }))

it('raises at every threshold what the live judge raises on the same scores', async () => {
  const repairs = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 3 })
  const thresholds = fc.constantFrom(0.05, 0.3, 0.5, 0.75, 0.95)
  let raised = 0
  await fc.assert(
    fc.asyncProperty(
      stretches,
      repairs,
      policies,
      thresholds,
      async (probabilities, slots, policy, raiseAt) => {
        const settings = withRaiseAt(policy, raiseAt)
        const sorted = [...new Set(slots)].filter((slot) => slot < probabilities.length).sort((a, b) => a - b)
        const history = {
          device: 'pump-1',
          times: Float64Array.from(probabilities, (_, slot) => time(slot)),
          probabilities: Float64Array.from(probabilities),
          renewals: sorted.map(time),
        }
        const live = await raisedLive(probabilities, sorted, settings)
        raised += live.length
        expect(raisesOf(history, pump, settings)).toEqual(live)
      },
    ),
    { numRuns: 200 },
  )
  expect(raised).toBeGreaterThan(200)
})

it('tries the threshold that counts now beside the others', () => {
  expect(gridWith(0.5)).toHaveLength(21)
  expect(gridWith(0.52)).toContain(0.52)
  expect(gridWith(0.52)).toEqual([...gridWith(0.52)].sort((a, b) => a - b))
})

it('gives a smaller budget no more sensitive threshold', () => {
  const rows = fc
    .array(fc.nat(50), { minLength: 1, maxLength: 22 })
    .map((counts) => counts.map((perWeek, i) => ({ raiseAt: i / 22, perWeek })))
  fc.assert(
    fc.property(rows, fc.nat(50), fc.nat(50), (tried, a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)]
      const raiseAt = (budget: number) => chooseThreshold(tried, budget)?.raiseAt ?? Number.POSITIVE_INFINITY
      expect(raiseAt(large)).toBeLessThanOrEqual(raiseAt(small))
    }),
  )
})

it('takes the most sensitive threshold within the budget, but not one at which alarms stand for ever', () => {
  const rows = [
    { raiseAt: 0.05, perWeek: 2 },
    { raiseAt: 0.3, perWeek: 9 },
    { raiseAt: 0.5, perWeek: 3 },
    { raiseAt: 0.7, perWeek: 2 },
  ]
  expect(chooseThreshold(rows, 3)).toBe(rows[2])
  expect(chooseThreshold(rows, 9)).toBe(rows[0])
  expect(chooseThreshold(rows, 1)).toBeUndefined()
})
