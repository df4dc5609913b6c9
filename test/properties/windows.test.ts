import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssetType, parseAssetType } from '../../core/catalogue.ts'
import { DeviceWindow, type DueWindow } from '../../models/windows/deviceWindow.ts'
import { DeviceWindow as ReferenceWindow } from './reference/deviceWindow.ts'

/*
 * A device's windows lie in one block of memory, are copied whole where nothing is missing, and forget what no window can
 * need any more. None of that may change a single number: the same readings go through a plain implementation beside it.
 */
const minute = 60_000
const start = 1_000 * minute

function assetType(by: 'steps' | 'grid', window: Partial<AssetType['window']>, lateness: number): AssetType {
  return parseAssetType(
    {
      name: 'press',
      label: 'Press',
      window: { by, length: 5, minimum: 3, maxHeld: 2, stride: 1, ...window },
      cadenceMs: minute,
      allowedLatenessMs: lateness * minute,
      usage: { unit: 'stroke', perSlot: 1, perDay: 1000 },
      rulCap: 100,
      horizon: 10,
      channels: [
        { name: 'stroke', label: 'Stroke', unit: '1', role: 'usage', plausible: [0, 1e9] },
        { name: 'force', label: 'Force', unit: 'N', plausible: [-1e9, 1e9] },
      ],
      failureModes: [],
    },
    'press.yaml',
  )
}

const kinds: fc.Arbitrary<AssetType> = fc
  .record({
    by: fc.constantFrom('grid' as const, 'steps' as const),
    length: fc.integer({ min: 2, max: 12 }),
    maxHeld: fc.integer({ min: 0, max: 3 }),
    stride: fc.integer({ min: 1, max: 15 }),
    lateness: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ by, length, maxHeld, stride, lateness }) =>
    assetType(by, { length, minimum: Math.max(2, length >> 1), maxHeld, stride }, lateness),
  )

/** One reading, told from where the stream stands. */
interface Sent {
  /** Minutes from the newest reading so far; negative for one that comes late, 0 the same time again. */
  readonly ahead: number
  /** Strokes since the reading before; `reset` begins to count anew. */
  readonly strokes: number
  readonly reset: boolean
  readonly missing: 'nothing' | 'force' | 'stroke'
  readonly published: boolean
  /** Whether windows are asked for after it. */
  readonly asked: boolean
  /** History up to here, told after it. */
  readonly skipped: boolean
}

const rarely = (one: number, of: number) => fc.integer({ min: 1, max: of }).map((n) => n <= one)

const sent: fc.Arbitrary<Sent> = fc.record({
  ahead: fc.oneof(
    { weight: 10, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.integer({ min: 2, max: 4 }) },
    { weight: 5, arbitrary: fc.integer({ min: -9, max: 0 }) },
    { weight: 1, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  ),
  strokes: fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }) },
  ),
  reset: rarely(1, 40),
  missing: fc.oneof(
    { weight: 10, arbitrary: fc.constant('nothing' as const) },
    { weight: 2, arbitrary: fc.constantFrom('force' as const, 'stroke' as const) },
  ),
  published: fc.boolean(),
  asked: fc.boolean(),
  skipped: rarely(1, 60),
})

interface Reading {
  readonly time: number
  readonly values: Float32Array
  readonly publishedAt: number
  readonly asked: boolean
  readonly skipped: boolean
}

function travel(stream: readonly Sent[]): Reading[] {
  let newest = start
  let strokes = 0
  return stream.map(({ ahead, strokes: more, reset, missing, published, asked, skipped }, i) => {
    const time = newest + ahead * minute
    newest = Math.max(newest, time)
    strokes = reset ? 1 : strokes + more
    const values = Float32Array.of(
      missing === 'stroke' ? Number.NaN : strokes + Math.min(0, Math.round(ahead)),
      missing === 'force' ? Number.NaN : i + 0.1,
    )
    return { time, values, publishedAt: published ? 5_000 + ((i * 7) % 13) : Number.NaN, asked, skipped }
  })
}

/** What is told of a due window, in plain numbers. */
const told = (due: readonly (DueWindow | ReturnType<ReferenceWindow['takeDue']>[number])[]) =>
  due.map((one) =>
    'window' in one
      ? { ...one, window: { ...one.window, values: [...one.window.values], times: [...one.window.times] } }
      : one,
  )

/** A device's windows and those of the plain implementation, held against each other at every step. */
class Pair {
  private readonly fast: DeviceWindow
  private readonly plain: ReferenceWindow
  private doneUntil = Number.NEGATIVE_INFINITY

  constructor(type: AssetType) {
    this.fast = new DeviceWindow(type)
    this.plain = new ReferenceWindow(type)
  }

  take({ time, values, publishedAt, asked, skipped }: Reading): void {
    const taken = this.fast.push(time, values, publishedAt)
    const expected = this.plain.push(time, values.slice(), publishedAt)
    // What lies before everything that is needed may be thrown away at once or later.
    if (time > this.doneUntil) expect(taken).toBe(expected)
    if (skipped) for (const window of [this.fast, this.plain]) window.skipUntil(time)
    if (asked) this.compare()
    if (skipped) this.doneUntil = Math.max(this.doneUntil, time)
  }

  end(): void {
    this.compare()
    expect([this.fast.late, this.fast.newestTime]).toEqual([this.plain.late, this.plain.newestTime])
  }

  private compare(): void {
    const due = this.plain.takeDue()
    expect(told(this.fast.takeDue())).toEqual(told(due))
    this.doneUntil = Math.max(this.doneUntil, due.at(-1)?.windowEnd ?? this.doneUntil)
  }
}

const streams = fc.array(fc.array(sent, { minLength: 1, maxLength: 250 }), { minLength: 1, maxLength: 3 })

describe('windows', () => {
  it('are those of the plain implementation, whatever comes late, twice, with gaps, resets and holes', () => {
    fc.assert(
      fc.property(kinds, streams, (type, some) => {
        const pairs = some.map(() => new Pair(type))
        const longest = Math.max(...some.map((stream) => stream.length))
        const readings = some.map(travel)
        // Turn by turn: devices of one type share memory.
        for (let turn = 0; turn < longest; turn++)
          pairs.forEach((pair, device) => {
            const reading = readings[device]![turn]
            if (reading) pair.take(reading)
          })
        for (const pair of pairs) pair.end()
      }),
      { numRuns: 1_000 },
    )
  }, 120_000)

  it('need no more room for a long stream than for a short one', () => {
    const type = assetType('grid', { length: 8, stride: 30 }, 2)
    const window = new DeviceWindow(type)
    const roomAfter = (readings: number) => {
      for (let i = 0; i < readings; i++) {
        window.push(window.newestTime > 0 ? window.newestTime + minute : start, Float32Array.of(i, i), 0)
        window.takeDue()
      }
      return (window as unknown as { rows: { region: { capacity: number } } }).rows.region.capacity
    }
    const short = roomAfter(100)
    expect(roomAfter(5_000)).toBe(short)
  })
})
