import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Score } from '../../core/score.ts'
import { type BatchOutcome, scoreRecording } from '../../models/evaluation/batch.ts'
import { plainFolders } from '../../models/registry/modelFolders.ts'
import { type AssetModel, loadAssetModel } from '../../models/scoring/assetModel.ts'
import { createScorer, type Scorer } from '../../models/scoring/scorer.ts'
import { batchOf, press, pressArtifacts, pressLife, pressStart, type Sent, sentBy } from './tinyAsset.ts'

/*
 * "Streaming equals batch": whatever happens to readings on the way (shuffled within the allowed lateness, some missing,
 * some twice, cut into any batches), the scores are those of the recording scored at once, to the last bit.
 */
const minute = 60_000
const slots = 90
const devices = ['a', 'b', 'c']

let folder: string
let model: AssetModel

beforeAll(async () => {
  folder = await pressArtifacts()
  const scorer = await createScorer({ catalogue: new Map(), folders: {} })
  await scorer.close()
  model = await loadAssetModel(join(folder, press.name), press)
})

afterAll(async () => {
  model.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** What the road did to the readings of all devices. */
interface Road {
  readonly seed: number
  readonly missing: ReadonlySet<number>
  readonly twice: ReadonlySet<number>
  /** How far each reading is delayed, in slots; at most the allowed lateness of two. */
  readonly delays: readonly number[]
  /** Sizes of the batches, repeated. */
  readonly batches: readonly number[]
}

const road: fc.Arbitrary<Road> = fc.record({
  seed: fc.integer({ min: 0, max: 1000 }),
  missing: fc
    .uniqueArray(fc.integer({ min: 0, max: slots * devices.length - 1 }), { maxLength: 40 })
    .map((m) => new Set(m)),
  twice: fc
    .uniqueArray(fc.integer({ min: 0, max: slots * devices.length - 1 }), { maxLength: 40 })
    .map((m) => new Set(m)),
  delays: fc.array(fc.double({ min: 0, max: 1.99, noNaN: true }), {
    minLength: slots * devices.length,
    maxLength: slots * devices.length,
  }),
  batches: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
})

/** Readings that arrive, in order of arrival. */
function travel({ seed, missing, twice, delays }: Road): Sent[] {
  const sent = devices
    .flatMap((device, d) => sentBy(device, pressLife(seed + d, slots, d === 0 ? slots + 10 : undefined)))
    .map((s, i) => ({ s, i, arrives: s.slot + delays[i]! }))
    .filter(({ i }) => !missing.has(i))
  const again = sent.filter(({ i }) => twice.has(i)).map((each) => ({ ...each, arrives: each.s.slot + 1.99 }))
  return [...sent, ...again].sort((a, b) => a.arrives - b.arrives || a.i - b.i).map(({ s }) => s)
}

async function stream(scorer: Scorer, arrivals: readonly Sent[], sizes: readonly number[]): Promise<Score[]> {
  const scores: Score[] = []
  for (let i = 0, turn = 0; i < arrivals.length; turn++) {
    const size = sizes[turn % sizes.length]!
    scorer.push(batchOf(arrivals.slice(i, i + size)))
    scores.push(...(await scorer.run()).scores)
    i += size
  }
  return scores
}

const newScorer = () =>
  createScorer({ catalogue: new Map([[press.name, press]]), folders: plainFolders(folder, [press.name]) })

/** The batch evaluator's outcomes of a device, from what arrived of it. */
function batchOutcomes(arrivals: readonly Sent[], device: string): BatchOutcome[] {
  const recording = arrivals
    .filter((s) => s.device === device)
    .map((s) => ({ time: pressStart + s.slot * minute, values: Float32Array.from(s.values) }))
  return scoreRecording(press, model, recording)
}

const told = ({
  windowEnd,
  rul,
  failureProbability,
  basis,
  anomaly,
  contributions,
  suspectedMode,
}: Score) => ({
  windowEnd,
  verdict: { rul, failureProbability, basis, anomaly, contributions, suspectedMode },
})

const toldInBatch = (outcomes: readonly BatchOutcome[]) =>
  outcomes.flatMap((o) => {
    if (!('verdict' in o)) return []
    const { mean: _, deviations: __, ...verdict } = o.verdict
    return [{ windowEnd: o.windowEnd, verdict }]
  })

/** Windows that the end of the stream leaves open: their device's watermark has not passed them. */
const isClosed = (arrivals: readonly Sent[], device: string) => {
  const newest = Math.max(...arrivals.filter((s) => s.device === device).map((s) => s.slot))
  return ({ windowEnd }: { windowEnd: number }) => windowEnd <= pressStart + (newest - 2) * minute
}

describe('streaming', () => {
  it('gives the scores of the batch evaluator, to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(road, async (way) => {
        const arrivals = travel(way)
        const scorer = await newScorer()
        const scores = await stream(scorer, arrivals, way.batches)
        expect(scorer.metrics().late).toBe(0)
        await scorer.close()
        for (const device of devices) {
          const closed = isClosed(arrivals, device)
          const streamed = scores.filter((s) => s.device === device)
          const batch = toldInBatch(batchOutcomes(arrivals, device))
          expect(batch.length).toBeGreaterThan(10)
          expect(streamed.map(told).filter(closed)).toEqual(batch.filter(closed))
        }
      }),
      { numRuns: 15, endOnFailure: true },
    )
  }, 120_000)

  it('gives the same scores when it is stopped in the middle and resumed from what is stored', async () => {
    await fc.assert(
      fc.asyncProperty(road, fc.double({ min: 0.2, max: 0.9, noNaN: true }), async (way, share) => {
        const arrivals = travel(way)
        const stop = Math.floor(share * arrivals.length)
        const through = await newScorer()
        const whole = await stream(through, arrivals, way.batches)
        await through.close()

        const before = await newScorer()
        const first = await stream(before, arrivals.slice(0, stop), way.batches)
        await before.close()
        const after = await newScorer()
        for (const device of devices) {
          const judged = first.filter((s) => s.device === device).at(-1)
          if (judged) after.resume(device, press.name, judged.windowEnd)
        }
        const stored = [...arrivals.slice(0, stop)].sort((a, b) => a.slot - b.slot)
        after.push(batchOf(stored))
        const second = await stream(after, arrivals.slice(stop), way.batches)
        await after.close()

        for (const device of devices) {
          const of = (scores: readonly Score[]) => scores.filter((s) => s.device === device).map(told)
          const both = [...of(first), ...of(second)]
          expect(both).toEqual(of(whole))
        }
      }),
      { numRuns: 10, endOnFailure: true },
    )
  }, 120_000)
})
