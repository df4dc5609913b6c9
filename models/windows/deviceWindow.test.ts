import { describe, expect, it } from 'vitest'
import { type AssetType, parseAssetType } from '../../core/catalogue.ts'
import { DeviceWindow, type DueWindow } from './deviceWindow.ts'

const minute = 60_000

function assetType(by: 'steps' | 'grid', window: Partial<AssetType['window']> = {}): AssetType {
  return parseAssetType(
    {
      name: 'press',
      label: 'Press',
      window: { by, length: 5, minimum: 3, maxHeld: 2, stride: 1, ...window },
      cadenceMs: minute,
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

const start = 1_000 * minute

/** Pushes the readings of these minutes; on a grid the minute is the slot, in steps the stroke is. */
function push(window: DeviceWindow, ...minutes: number[]): boolean[] {
  return minutes.map((m) => window.push(start + m * minute, Float32Array.of(m, 10 * m), Number.NaN))
}

const ends = (due: readonly DueWindow[]) => due.map((d) => (d.windowEnd - start) / minute)

const forces = (due: DueWindow | undefined) =>
  due && 'window' in due ? [...due.window.values].filter((_, i) => i % 2 === 1) : undefined

const reasons = (due: readonly DueWindow[]) => due.map((d) => ('reason' in d ? d.reason : 'window'))

describe('a device window', () => {
  it('is due at once when all its slots are filled', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2, 3, 4, 5)
    window.takeDue()
    push(window, 6)
    const due = window.takeDue()
    expect(ends(due)).toEqual([6])
    expect(forces(due[0])).toEqual([20, 30, 40, 50, 60])
  })

  it('says too little history before the minimum, and scores a short window once its start is settled', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2)
    expect(window.takeDue()).toEqual([])
    push(window, 3)
    // The watermark is at minute 1: nothing earlier can come any more, so the three slots are all there will be.
    const due = window.takeDue()
    expect(reasons(due)).toEqual(['too_little_history', 'too_little_history', 'window'])
    expect(forces(due[2])).toEqual([10, 20, 30])
  })

  it('waits for the watermark where a slot is missing, then holds and flags it', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2, 3, 4, 5)
    window.takeDue()
    push(window, 7)
    expect(window.takeDue()).toEqual([])
    push(window, 8)
    expect(window.takeDue()).toEqual([])
    push(window, 9)
    const due = window.takeDue()
    expect(ends(due)).toEqual([7])
    expect(forces(due[0])).toEqual([30, 40, 50, 50, 70])
    expect(due[0]).toMatchObject({ window: { held: [false, false, false, true, false] } })
  })

  it('takes the missing reading when it comes within the allowed lateness', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2, 3, 4, 5, 7)
    window.takeDue()
    push(window, 6)
    const due = window.takeDue()
    expect(ends(due)).toEqual([6, 7])
    expect(forces(due[1])).toEqual([30, 40, 50, 60, 70])
  })

  it('counts a reading behind the watermark as late and changes nothing', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2, 3, 4, 5, 7, 8, 9)
    const before = window.takeDue()
    expect(push(window, 6)).toEqual([false])
    expect(window.late).toBe(1)
    push(window, 10, 11, 12, 13)
    const after = window.takeDue()
    expect(ends(before)).toContain(7)
    expect(forces(after.at(-1))).toEqual([90, 100, 110, 120, 130])
    expect(forces(after[0])).toEqual([40, 50, 50, 70, 80])
  })

  it('ignores the same time again, and a second reading of a slot', () => {
    const window = new DeviceWindow(assetType('grid'))
    expect(push(window, 1, 1)).toEqual([true, false])
    expect(push(window, 1.2)).toEqual([false])
  })

  it('starts a new segment after more missing slots than may be held', () => {
    const window = new DeviceWindow(assetType('grid'))
    push(window, 1, 2, 3, 4, 5)
    window.takeDue()
    push(window, 9, 10, 11, 12, 13)
    const due = window.takeDue()
    expect(ends(due)).toEqual([9, 10, 11, 12, 13])
    expect(reasons(due)).toEqual(['gap', 'gap', 'window', 'window', 'window'])
    expect(forces(due[2])).toEqual([90, 100, 110])
  })

  it('counts steps by usage whatever the clock says, and starts anew at a usage reset', () => {
    const window = new DeviceWindow(assetType('steps'))
    const stroke = (m: number, usage: number) =>
      window.push(start + m * minute, Float32Array.of(usage, usage), Number.NaN)
    for (let i = 1; i <= 5; i++) stroke(10 * i, i)
    expect(reasons(window.takeDue()).at(-1)).toBe('window')
    for (let i = 1; i <= 4; i++) stroke(100 + i, i)
    const due = window.takeDue()
    expect(reasons(due)).toEqual(['gap', 'gap', 'window', 'window'])
    expect(forces(due[3])).toEqual([1, 2, 3, 4])
  })

  it('scores every stride-th slot', () => {
    const window = new DeviceWindow(assetType('grid', { stride: 2 }))
    push(window, 1, 2, 3, 4, 5, 6, 7, 8)
    expect(ends(window.takeDue())).toEqual([2, 4, 6, 8])
  })

  it('holds a missing value of one channel for two slots, then leaves a hole', () => {
    const window = new DeviceWindow(assetType('grid', { length: 6 }))
    const force = (m: number, value: number) => window.push(start + m * minute, Float32Array.of(m, value), 0)
    force(1, 7)
    for (let m = 2; m <= 4; m++) force(m, Number.NaN)
    force(5, 8)
    force(6, 9)
    expect(forces(window.takeDue().at(-1))).toEqual([7, 7, 7, Number.NaN, 8, 9])
  })

  it('warms up on history without letting it out', () => {
    const window = new DeviceWindow(assetType('grid'))
    window.skipUntil(start + 5 * minute)
    push(window, 1, 2, 3, 4, 5, 6)
    const due = window.takeDue()
    expect(ends(due)).toEqual([6])
    expect(forces(due[0])).toEqual([20, 30, 40, 50, 60])
  })

  it('tells the newest publishedAt of its rows', () => {
    const window = new DeviceWindow(assetType('grid'))
    for (const m of [1, 2, 3]) window.push(start + m * minute, Float32Array.of(m, m), 500 + m)
    expect(window.takeDue()[2]).toMatchObject({ window: { publishedAt: 503 } })
  })

  it('keeps no more rows than windows need', () => {
    const window = new DeviceWindow(assetType('grid'))
    for (let m = 0; m < 500; m++) {
      push(window, m)
      window.takeDue()
    }
    expect((window as unknown as { rows: unknown[] }).rows.length).toBeLessThan(40)
  })
})
