import { expect, it } from 'vitest'
import type { ScoreStore, StoredScore } from '../../core/ports.ts'

const t0 = 1_764_000_000_000

export const score = (device: string, windowEnd: number, over: Partial<StoredScore> = {}): StoredScore => ({
  device,
  site: 'hall',
  assetType: 'press',
  windowEnd,
  model: 'sha-1',
  role: 'champion',
  anomaly: 0.25,
  rul: { p05: 1, p10: 2, p50: 3, p90: 4, p95: 5.5 },
  failureProbability: 0.1,
  ...over,
})

/** The contract of ScoreStore, on a store whose asset types `press` and `fan` it may share with other tests. */
export function scoreStoreContract(store: () => ScoreStore): void {
  it('writes scores once, reads them by range, oldest first', async () => {
    const first = [0, 1, 2, 3].map((i) => score('scored', t0 + i * 1000, { anomaly: i / 10 }))
    await store().writeScores(first)
    const count = await store().scoreCount()
    await store().writeScores(first)
    await store().writeScores([])
    expect(await store().scoreCount()).toBe(count)
    expect(await store().scores('press', 'scored', t0 + 1000, t0 + 3000)).toEqual(first.slice(1, 3))
    expect(await store().scores('press', 'scored', 0, t0 + 1e9)).toEqual(first)
    expect(await store().scores('fan', 'scored', 0, t0 + 1e9)).toEqual([])
  })

  it('replaces a score of the same device, window, model and role, and keeps others apart', async () => {
    const before = await store().scoreCount()
    await store().writeScores([
      score('roles', t0),
      score('roles', t0, { role: 'challenger', model: 'sha-2', anomaly: 0.5 }),
      score('roles', t0 - 1000),
    ])
    await store().writeScores([score('roles', t0, { failureProbability: 0.9 })])
    expect(await store().scoreCount()).toBe(before + 3)
    const found = await store().scores('press', 'roles', t0, t0 + 1)
    expect(found).toHaveLength(2)
    expect(found).toContainEqual(score('roles', t0, { failureProbability: 0.9 }))
    expect(found).toContainEqual(score('roles', t0, { role: 'challenger', model: 'sha-2', anomaly: 0.5 }))
    const champions = await store().scores('press', 'roles', t0 - 1000, t0 + 1, 2000, 'champion')
    expect(champions.map((s) => [s.role, s.windowEnd])).toEqual([
      ['champion', t0 - 1000],
      ['champion', t0],
    ])
  })

  it('thins scores to about the limit, the newest among them', async () => {
    await store().writeScores(Array.from({ length: 1000 }, (_, i) => score('thin', t0 + i * 1000)))
    const found = await store().scores('press', 'thin', t0, t0 + 1_000_000, 100)
    expect(found.length).toBeGreaterThanOrEqual(50)
    expect(found.length).toBeLessThanOrEqual(110)
    expect(found.at(-1)!.windowEnd).toBe(t0 + 999_000)
    const ends = found.map((s) => s.windowEnd)
    expect(ends).toEqual([...ends].sort((a, b) => a - b))
    expect(await store().scores('press', 'thin', t0, t0 + 1_000_000)).toHaveLength(1000)
  })
}
