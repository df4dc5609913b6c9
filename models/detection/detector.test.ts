import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Detector, shareOf } from './detector.ts'
import type { DetectorOptions } from './options.ts'
import { noise } from './testing.ts'

const options: DetectorOptions = {
  learn: 300,
  smooth: 8,
  persist: 5,
  memory: 200,
  leastChange: 0,
  readingsPerFalseAlarm: 20_000,
  signature: 40,
  clearShare: 0.35,
}

/** Readings of three steady channels, `change(row, channel)` deviations added. */
function machine(seed: number, rows: number, change: (row: number, channel: number) => number = () => 0) {
  const next = noise(seed)
  const level = [10, -3, 500]
  const spread = [1, 0.1, 20]
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(level, (l, c) => l + spread[c]! * (next() + change(row, c))),
  )
}

/** What the detector says of the readings after those that teach it. */
function detect(readings: Float64Array[], o = options) {
  const detector = new Detector(readings.slice(0, o.learn), o)
  return readings.slice(o.learn).map((reading) => detector.push(reading))
}

const inAlarm = (readings: Float64Array[], o = options) => detect(readings, o).map((d) => d.alarm)

describe('the detector', () => {
  it('keeps to its budget of false alarms on steady machines', () => {
    const machines = Array.from({ length: 40 }, (_, seed) => inAlarm(machine(seed + 1, 1300)))
    const onsets = machines.flatMap((alarms) => alarms.filter((alarm, i) => alarm && !alarms[i - 1])).length
    // 40,000 readings, two alarms in the budget; learning from 300 readings is worth a factor.
    expect(onsets).toBeLessThanOrEqual(6)
  })

  it('finds a shift of three deviations within some readings, in the channel that moved', () => {
    const found = detect(machine(7, 700, (row, c) => (c === 1 && row >= 500 ? 3 : 0)))
    const first = found.findIndex((d) => d.alarm)
    expect(first).toBeGreaterThanOrEqual(200)
    expect(first).toBeLessThan(215)
    const share = shareOf(['a', 'b', 'c'], found[first + 10]!)
    expect(share.b).toBeGreaterThan(0.6)
    expect(found[first]!.anomaly).toBeLessThan(options.smooth / options.readingsPerFalseAlarm)
    expect(found.at(-1)!.alarm).toBe(true)
  })

  it('lets one wild reading pass, however wild, and hears one that stays', () => {
    const wild = machine(16, 700, (row, c) => (c === 0 && row === 500 ? 1000 : 0))
    expect(inAlarm(wild).some(Boolean)).toBe(false)
    const stays = inAlarm(machine(16, 700, (row, c) => (c === 0 && row >= 500 ? 1000 : 0)))
    expect(stays.indexOf(true)).toBeGreaterThanOrEqual(200)
    expect(stays.indexOf(true)).toBeLessThan(210)
  })

  it('forgives a channel that wanders by itself what it does not forgive a steady one', () => {
    const wander = (row: number) => 3 * Math.sin(row / 40)
    const moved = (by: number, own: (row: number) => number) =>
      inAlarm(machine(17, 700, (row, c) => (c === 0 ? own(row) + (row >= 500 ? by : 0) : 0)))
    expect(moved(5, wander).some(Boolean)).toBe(false)
    expect(moved(5, () => 0).some(Boolean)).toBe(true)
    expect(moved(300, wander).slice(200).some(Boolean)).toBe(true)
  })

  it('finds small shifts of all channels together that none shows alone', () => {
    const together = inAlarm(machine(8, 700, (row) => (row >= 500 ? 1.6 : 0)))
    const alone = inAlarm(machine(8, 700, (row, c) => (c === 0 && row >= 500 ? 1 : 0)))
    expect(together.slice(200).filter(Boolean).length).toBeGreaterThan(100)
    expect(alone.slice(200).filter(Boolean).length).toBeLessThan(together.slice(200).filter(Boolean).length)
  })

  it('follows slow drift, and what stays slow raises nothing', () => {
    const drifting = machine(9, 2300, (row, c) => (c === 0 ? Math.max(0, row - 300) / 800 : 0))
    expect(inAlarm(drifting).filter(Boolean).length).toBeLessThan(60)
    expect(inAlarm(drifting, { ...options, memory: null }).filter(Boolean).length).toBeGreaterThan(500)
  })

  it('ends an alarm with what raised it, though another channel has moved meanwhile and stays', () => {
    const readings = machine(10, 900, (row, c) => {
      if (c === 1) return row >= 500 && row < 700 ? 6 : 0
      return c === 2 && row >= 560 ? 1.2 : 0
    })
    const alarms = inAlarm(readings, { ...options, readingsPerFalseAlarm: 2e6 })
    expect(alarms.slice(215, 395).every(Boolean)).toBe(true)
    expect(alarms.slice(420).some(Boolean)).toBe(false)
  })

  it('takes a state that stays for how the machine is now, unless it follows nothing', () => {
    const moved = machine(11, 2000, (row, c) => (c === 0 && row >= 500 ? 8 : 0))
    expect(inAlarm(moved).at(-1)).toBe(false)
    expect(inAlarm(moved, { ...options, memory: null }).at(-1)).toBe(true)
  })

  it('takes a sensor that drifted while it learned for less certain', () => {
    const wandering = machine(12, 900, (row, c) => (c === 0 ? 3 * Math.sin(row / 90) : 0))
    const steady = machine(12, 900, (row, c) => (c === 0 && row >= 500 ? 5 : 0))
    expect(inAlarm(wandering).filter(Boolean).length).toBeLessThan(40)
    expect(inAlarm(steady).filter(Boolean).length).toBeGreaterThan(300)
  })

  it('judges a channel that never moved without an infinite score', () => {
    const still = machine(13, 700).map((reading, row) => Float64Array.of(reading[0]!, row < 500 ? 4 : 5, 0))
    const found = detect(still)
    expect(found.every((d) => d.scores.every(Number.isFinite) && Number.isFinite(d.anomaly))).toBe(true)
    expect(found.at(-1)!.alarm).toBe(true)
  })

  it('says of a reading what it says without the later ones, to the bit, and twice the same', () => {
    const readings = machine(14, 800, (row, c) => (c === 0 && row >= 500 ? 4 : 0))
    const whole = detect(readings)
    fc.assert(
      fc.property(fc.integer({ min: options.learn + 1, max: readings.length }), (cut) => {
        expect(detect(readings.slice(0, cut))).toEqual(whole.slice(0, cut - options.learn))
      }),
      { numRuns: 20 },
    )
  })

  it('does not care for units: a channel scaled and moved gives the same alarms', () => {
    const readings = machine(15, 800, (row, c) => (c === 2 && row >= 500 ? 4 : 0))
    const scaled = readings.map((r) => r.map((value, c) => (c === 2 ? 1024 * value : value)))
    expect(inAlarm(scaled)).toEqual(inAlarm(readings))
  })
})
