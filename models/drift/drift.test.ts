import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { press, pressLife } from '../../test/properties/tinyAsset.ts'
import { seededRandom } from '../training/random.ts'
import { DriftWatch } from './driftWatch.ts'
import { binOf, bins, FadingHistogram, stabilityIndex } from './histogram.ts'
import { referenceOf } from './reference.ts'

const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const even = new Array<number>(bins).fill(0.1)

describe('the stability index', () => {
  it('is nought where nothing has changed, and what is worked out by hand elsewhere', () => {
    expect(stabilityIndex(even, tenths)).toBeCloseTo(0, 12)
    const moved = [0.05, 0.15, ...even.slice(2)]
    expect(stabilityIndex(moved, tenths)).toBeCloseTo(-0.05 * Math.log(0.5) + 0.05 * Math.log(1.5), 12)
  })

  it('takes bins together that training never filled', () => {
    const edges = [1, 1, 1, 4, 5, 6, 7, 8, 9]
    expect(stabilityIndex([0.3, 0, 0, ...even.slice(3)], edges)).toBeCloseTo(0, 12)
    expect(stabilityIndex([0.6, 0, 0, 0, 0, 0, ...even.slice(6)], edges)).toBeGreaterThan(0.25)
  })

  it('is never negative', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: bins, maxLength: bins })
    fc.assert(
      fc.property(weights, (some) => {
        const total = some.reduce((sum, w) => sum + w, 0)
        if (total === 0) return
        // a share is lifted to a least one, so that the shares may add up to a little more than 1
        expect(
          stabilityIndex(
            some.map((w) => w / total),
            tenths,
          ),
        ).toBeGreaterThan(-0.02)
      }),
    )
  })
})

describe('a fading histogram', () => {
  it('puts a value between the edges around it', () => {
    expect([0.5, 1, 1.5, 9, 9.5, Number.POSITIVE_INFINITY].map((v) => binOf(v, tenths))).toEqual([
      0, 0, 1, 8, 9, 9,
    ])
  })

  it('forgets: after many half-lives only the newest count', () => {
    const histogram = new FadingHistogram(tenths, 0.5 ** (1 / 10))
    for (let i = 0; i < 1_000; i++) histogram.take(0)
    for (let i = 0; i < 200; i++) histogram.take(9.5)
    expect(histogram.shares()[9]).toBeGreaterThan(0.999)
    expect(histogram.count).toBeCloseTo(1 / (1 - 0.5 ** 0.1), 3)
  })
})

describe('the watch over drift', () => {
  const lives = Array.from({ length: 8 }, (_, i) => pressLife(i, 400))
  const reference = referenceOf(press, lives)
  const channels = press.channels.map((c) => c.name)

  /** Windows of presses as they trained, `drift` laid over their last row. */
  function watched(drift: (values: number[], device: number) => number[], windows = 300) {
    const watch = new DriftWatch(reference)
    const random = seededRandom(9)
    for (let device = 0; device < 5; device++) {
      const life = pressLife(50 + device, windows)
      for (let row = 0; row < windows; row++) {
        const values = drift(
          life.values.map((column) => column[row]!),
          device,
        )
        watch.take({
          device: `press-${device}`,
          site: 'hall',
          anomaly: random(),
          evidence: {
            window: Float32Array.from([0, 0, 0, ...values]),
            rows: 2,
            channels,
            times: Float64Array.of(0, 1),
            backend: 'wasm',
            simd: true,
          },
        })
      }
    }
    return watch.report()
  }

  it('knows the spread of every channel that trained', () => {
    expect(reference.map((r) => r.channel)).toEqual(channels)
    for (const { mean, deciles, deviation } of reference) {
      expect(deciles).toEqual([...deciles].sort((a, b) => a - b))
      expect(Math.abs(deciles[4]! - mean)).toBeLessThan(deviation)
    }
  })

  it('finds nothing where machines run as they trained', () => {
    const report = watched((values) => values)
    expect(report).toMatchObject({ drifting: [], devices: [] })
    expect(report.windows).toBeGreaterThan(1_300)
    expect(report.channels).toHaveLength(channels.length + 1)
  })

  it('names a channel that drifts in the whole fleet', () => {
    const report = watched(([force, heat, speed]) => [force!, heat! + 2, speed!])
    expect(report.drifting).toEqual(['heat'])
    expect(report.channels[0]!.channel).toBe('heat')
  })

  it('names the one device that is out of the fleet, and its channel', () => {
    const report = watched(([force, heat, speed], device) => [force!, heat! + (device === 3 ? 8 : 0), speed!])
    expect(report.devices.map(({ device, channel }) => [device, channel])).toEqual([['press-3', 'heat']])
    expect(report.devices[0]!.shift).toBeGreaterThan(3)
    expect(report.furthest).toHaveLength(5)
    expect(report.furthest[0]).toEqual(report.devices[0])
  })

  it('says nothing before there is enough to say it of', () => {
    const report = watched(([force, heat, speed]) => [force! + 1e3, heat!, speed!], 50)
    expect(report).toMatchObject({ channels: [], drifting: [], devices: [] })
  })
})
