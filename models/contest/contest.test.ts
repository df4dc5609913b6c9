import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, contest, contestRules } from './contest.ts'

/** A life whose failing windows, and whose calm ones, both models give these probabilities. */
const life = (
  failing: [champion: number, challenger: number] | null,
  calm: [number, number],
  calmWindows = 20,
): Block => [
  ...Array.from({ length: failing ? 5 : 0 }, () => ({
    champion: failing![0],
    challenger: failing![1],
    failing: true,
  })),
  ...Array.from({ length: calmWindows }, () => ({ champion: calm[0], challenger: calm[1], failing: false })),
]

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('a contest', () => {
  it('has the Brier scores that are worked out by hand', () => {
    const { champion, challenger, gain, windows, failures, healthy } = contest([
      life([0.5, 0.9], [0.1, 0.2]),
      life(null, [0.3, 0.2]),
    ])
    // failing: (1-0.5)^2 and (1-0.9)^2; calm: mean of 0.1^2 and 0.3^2, and 0.2^2; both kinds weigh alike
    expect(champion).toBeCloseTo((0.25 + 0.05) / 2, 12)
    expect(challenger).toBeCloseTo((0.01 + 0.04) / 2, 12)
    expect(gain).toBeCloseTo(0.125, 12)
    expect([windows, failures, healthy]).toEqual([45, 1, 2])
  })

  it('is won by a challenger that sees the failures coming', () => {
    const blocks = [
      ...many(6, () => life([0.4, 0.8], [0.05, 0.05])),
      ...many(20, () => life(null, [0.05, 0.05])),
    ]
    expect(contest(blocks)).toMatchObject({ verdict: 'better' })
    expect(contest(blocks).gainLow).toBeGreaterThan(0)
  })

  it('is lost by one that cries wolf', () => {
    const blocks = [
      ...many(6, () => life([0.8, 0.8], [0.05, 0.6])),
      ...many(20, () => life(null, [0.05, 0.6])),
    ]
    expect(contest(blocks)).toMatchObject({ verdict: 'worse' })
  })

  it('is undecided with too few failures, however clear they are', () => {
    const blocks = [...many(4, () => life([0, 1], [0.1, 0])), ...many(20, () => life(null, [0.1, 0]))]
    expect(contest(blocks)).toMatchObject({ verdict: 'undecided', failures: 4 })
    expect(contest(blocks).reason).toContain('4 of the 5')
  })

  it('is undecided where one life says this and the next one that', () => {
    const blocks = many(12, (i) => life(i % 2 ? [0.8, 0.4] : [0.4, 0.8], [0.1, 0.1]))
    expect(contest(blocks)).toMatchObject({ verdict: 'undecided', reason: 'the difference may be chance' })
  })

  it('does not take one long life for many', () => {
    const lucky = life(null, [0.5, 0.1], 5_000)
    const blocks = [lucky, ...many(9, () => life([0.6, 0.4], [0.1, 0.15]))]
    expect(contest(blocks).gain).toBeGreaterThan(0)
    expect(contest(blocks).verdict).not.toBe('better')
  })

  it('says nothing of nothing', () => {
    expect(contest([])).toMatchObject({ verdict: 'undecided', failures: 0, windows: 0 })
  })

  it('never calls a model better, nor worse, than itself, and turns around with its sides', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true })
    const window = fc.record({ champion: probability, challenger: probability, failing: fc.boolean() })
    const rules = { ...contestRules, resamples: 200 }
    fc.assert(
      fc.property(fc.array(fc.array(window, { minLength: 1, maxLength: 6 }), { maxLength: 12 }), (blocks) => {
        const same = blocks.map((block) => block.map((w) => ({ ...w, challenger: w.champion })))
        expect(contest(same, rules).verdict).toBe('undecided')
        const turned = blocks.map((block) =>
          block.map((w) => ({ ...w, champion: w.challenger, challenger: w.champion })),
        )
        const opposite = { better: 'worse', worse: 'better', undecided: 'undecided' }
        const [one, other] = [contest(blocks, rules), contest(turned, rules)]
        // the bounds are places in a sorted list, and need not mirror each other to the last place
        if (one.verdict !== 'undecided' && other.verdict !== 'undecided')
          expect(other.verdict).toBe(opposite[one.verdict])
        if (one.windows > 0 && Number.isFinite(one.gain)) expect(other.gain).toBeCloseTo(-one.gain, 12)
      }),
      { numRuns: 100 },
    )
  })
})
