import { describe, expect, it } from 'vitest'
import type { DecisionRun } from '../../core/ports.ts'
import { extendTrail, trailLength } from './trail.ts'

type Step = [kind: DecisionRun['kind'], reason: Parameters<typeof extendTrail>[1]['reason'], detail?: string]

/** A decision a minute, from the first on. */
const trailOf = (steps: readonly Step[]) =>
  steps.reduce<readonly DecisionRun[] | undefined>(
    (trail, [kind, reason, detail], minute) => extendTrail(trail, { kind, reason, detail }, minute),
    undefined,
  )!

describe('the trail', () => {
  it('makes one run of like decisions in a row, however many', () => {
    const quiet = Array.from({ length: 500 }, (): Step => ['hold', 'below_threshold'])
    expect(trailOf(quiet)).toEqual([
      { kind: 'hold', reason: 'below_threshold', from: 0, until: 499, windows: 500 },
    ])
  })

  it('begins another where kind, reason or detail differ', () => {
    const trail = trailOf([
      ['hold', 'muted', 'belt change'],
      ['hold', 'muted', 'belt change'],
      ['hold', 'muted', 'paint'],
      ['hold', 'below_threshold'],
    ])
    expect(trail.map(({ detail, windows }) => [detail, windows])).toEqual([
      ['belt change', 2],
      ['paint', 1],
      [undefined, 1],
    ])
  })

  it('keeps how a long alarm began: its evidence makes no runs of its own', () => {
    const standing = Array.from(
      { length: 1_000 },
      (_, i): Step => (i % 6 === 5 ? ['update', 'fresh_evidence'] : ['hold', 'still_raised']),
    )
    const trail = trailOf([['raise', 'persistent'], ...standing])
    expect(trail.map(({ reason, windows }) => [reason, windows])).toEqual([
      ['persistent', 1],
      ['still_raised', 1_000],
    ])
  })

  it('forgets the oldest runs', () => {
    const flapping = Array.from(
      { length: 100 },
      (_, i): Step => (i % 2 ? ['hold', 'not_persistent'] : ['hold', 'below_threshold']),
    )
    const trail = trailOf(flapping)
    expect(trail).toHaveLength(trailLength)
    expect(trail[0]!.from).toBe(100 - trailLength)
    expect(trail.at(-1)!.until).toBe(99)
  })

  it('leaves the trail that it was given as it was: a batch that failed is judged again', () => {
    const before = trailOf([['hold', 'below_threshold']])
    extendTrail(before, { kind: 'hold', reason: 'below_threshold' }, 1)
    expect(before[0]!.windows).toBe(1)
  })
})
