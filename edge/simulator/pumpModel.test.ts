import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../core/catalogue.ts'
import { pumpCadenceMs, shownDevelopHours, simulateLife } from './lives.ts'
import { createFault, pumpChannels, pumpModes, signatures } from './pumpFaults.ts'
import { createPump } from './pumpModel.ts'
import { createRandom } from './random.ts'

const pump = parseAssetType(
  parse(readFileSync(new URL('../../catalogue/pump.yaml', import.meta.url), 'utf8')),
  'pump.yaml',
)
const year = 365 * 144
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length
const deviation = (values: Float64Array) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2)))
}

describe('pump model', () => {
  it('has the channels and failure modes of the catalogue, in its order and cadence', () => {
    expect(pumpChannels).toEqual(pump.channels.map((c) => c.name))
    expect(new Set(pumpModes)).toEqual(new Set(pump.failureModes.map((m) => m.name)))
    expect(pumpCadenceMs).toBe(pump.cadenceMs)
  })

  it('repeats for a seed, reading by reading, and differs between seeds', () => {
    const life = (seed: string) => simulateLife({ seed, mode: 'cavitation', startHours: 20, totalSlots: 900 })
    expect(life('a')).toEqual(life('a'))
    expect(life('a').values[0]).not.toEqual(life('b').values[0])
  })

  it('keeps a healthy machine within the plausible range always and the normal one nearly always, for a year', () => {
    for (const seed of [1, 2, 3]) {
      const { values } = simulateLife({ seed, mode: null, startHours: 0, totalSlots: year })
      pump.channels.forEach(({ name, plausible, normal }, c) => {
        const outside = ([low, high]: [number, number]) =>
          values[c]!.filter((v) => v < low || v > high).length
        expect(outside(plausible), name).toBe(0)
        expect(outside(normal!) / year, name).toBeLessThan(0.005)
      })
    }
  })

  it('follows the affinity laws: flow with speed, pressure with its square, current rising steeply', () => {
    const { values } = simulateLife({ seed: 5, mode: null, startHours: 0, totalSlots: 5000 })
    const [, , current, pressure, flow, speed] = values as Float64Array[]
    const exponent = (of: Float64Array) => slope(speed!.map(Math.log), of.map(Math.log))
    expect(exponent(flow!)).toBeCloseTo(1, 1)
    expect(exponent(pressure!)).toBeCloseTo(2, 1)
    expect(exponent(current!)).toBeGreaterThan(1.5)
  })

  it('runs in several regimes, each kept for hours', () => {
    const { values } = simulateLife({ seed: 9, mode: null, startHours: 0, totalSlots: 4000 })
    const speed = values[5]!
    const changes = speed.slice(1).filter((v, i) => Math.abs(v / speed[i]! - 1) > 0.05).length
    expect(changes).toBeGreaterThan(20)
    expect(changes).toBeLessThan(4000 / 24)
  })

  it('warms and cools slowly, without a jump of the bearing temperature', () => {
    const { values } = simulateLife({ seed: 4, mode: null, startHours: 0, totalSlots: 4000 })
    const steps = values[1]!.slice(1).map((v, i) => Math.abs(v - values[1]![i]!))
    expect(Math.max(...steps)).toBeLessThan(4)
  })

  it('gives the same readings before a fault as without one', () => {
    const options = { seed: 11, startHours: 50, totalSlots: 600 }
    const broken = simulateLife({ ...options, mode: 'imbalance' })
    const healthy = simulateLife({ ...options, mode: null })
    const before = 50 * 6
    for (const c of pumpChannels.keys()) {
      expect(broken.values[c]!.slice(0, before)).toEqual(healthy.values[c]!.slice(0, before))
    }
  })

  it('is as good as new after a repair', () => {
    const readings = (repaired: boolean) => {
      const machine = createPump({ seed: 3, id: 'p' })
      if (repaired) machine.breakDown('seal_leak', 0, 10)
      Array.from({ length: 40 }, (_, i) => machine.step(i * pumpCadenceMs))
      if (repaired) machine.repair()
      return machine.step(40 * pumpCadenceMs)
    }
    expect(readings(true)).toEqual(readings(false))
  })
})

describe('failure modes', () => {
  for (const mode of pump.failureModes) {
    it(`${mode.name} moves its channels as the catalogue's symptoms say, many deviations at severity 0.8`, () => {
      const signature = createFault(mode.name as (typeof pumpModes)[number], createRandom('signs')).signature
      for (const channel of pumpChannels) {
        expect(Math.sign(signature[channel]), channel).toBe(Math.sign(mode.symptoms[channel] ?? 0))
      }
      const strongest = Object.entries(mode.symptoms).filter(([, weight]) => Math.abs(weight) >= 0.5)
      expect(strongest.length).toBeGreaterThan(0)
      for (const [channel, weight] of strongest) {
        expect(Math.sign(weight) * sigmas(mode.name, channel, 0.8), channel).toBeGreaterThan(4)
      }
    })

    it(`${mode.name} is subtle at first`, () => {
      for (const channel of pumpChannels) expect(Math.abs(sigmas(mode.name, channel, 0.04))).toBeLessThan(3)
    })
  }

  it('severity grows from 0 to 1 without ever falling, for every course', () => {
    for (const mode of pumpModes) {
      for (let seed = 0; seed < 50; seed++) {
        const fault = createFault(mode, createRandom(seed))
        const course = Array.from({ length: 201 }, (_, i) => fault.severity((i / 200) * fault.developHours))
        expect(course[0]).toBe(0)
        expect(course.at(-1)).toBeCloseTo(1, 10)
        expect(course.every((s, i) => i === 0 || s >= course[i - 1]!)).toBe(true)
        expect(course[60]).toBeLessThan(0.3)
      }
    }
  })

  it('take their hours from the range of the mode, which covers those that are shown on the page', () => {
    for (const mode of pumpModes) {
      const [low, high] = signatures[mode].developHours
      const hours = Array.from(
        { length: 300 },
        (_, seed) => createFault(mode, createRandom(seed)).developHours,
      )
      expect(Math.min(...hours)).toBeGreaterThanOrEqual(low)
      expect(Math.max(...hours)).toBeLessThan(high)
      expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(0.8 * (high - low))
      expect(shownDevelopHours[0]).toBeGreaterThanOrEqual(low)
      expect(shownDevelopHours[1]).toBeLessThanOrEqual(high)
    }
  })

  it('end the life at the failure, with the remaining hours counting down to it', () => {
    const life = simulateLife({
      seed: 1,
      mode: 'bearing_wear',
      startHours: 30,
      developHours: 90,
      totalSlots: 5000,
    })
    expect(life.rul).toHaveLength(120 * 6)
    expect(life.rul[0]).toBeCloseTo(120, 9)
    expect(life.rul.at(-1)).toBeCloseTo(1 / 6, 9)
    expect(life.failedAt).toBeCloseTo(life.times[0]! + 120 * 3_600_000, 0)
  })

  it('refuses a mode that a pump does not have', () => {
    expect(() => simulateLife({ seed: 1, mode: 'rust', startHours: 0, totalSlots: 10 })).toThrow('rust')
  })
})

/**
 * How far a channel stands from its healthy twin near a severity, in deviations of what healthy pumps of the line
 * show at the same speed: noise, drift and manufacturing spread together.
 */
function sigmas(mode: string, channel: string, severity: number): number {
  const c = pumpChannels.indexOf(channel as (typeof pumpChannels)[number])
  const options = { seed: `${mode}-twin`, startHours: 20, developHours: 100, totalSlots: 720 }
  const broken = simulateLife({ ...options, mode })
  const healthy = simulateLife({ ...options, mode: null })
  const at = broken.severity.findIndex((s) => s >= severity)
  return (broken.values[c]![at]! - healthy.values[c]![at]!) / healthyDeviation[c]!
}

/** Scatter of each channel among healthy pumps once its dependence on speed is taken out. */
const healthyDeviation = pumpChannels.map((channel, c) => {
  const rows = Array.from({ length: 12 }, (_, seed) =>
    simulateLife({ seed: `line-${seed}`, mode: null, startHours: 0, totalSlots: 400 }),
  )
  const column = Float64Array.from(rows.flatMap((life) => [...life.values[c]!]))
  const speed = Float64Array.from(rows.flatMap((life) => [...life.values[5]!]))
  if (channel === 'speed') return deviation(column)
  const b = slope(speed, column)
  return deviation(column.map((v, i) => v - b * speed[i]!))
})

function slope(x: Float64Array, y: Float64Array): number {
  const mx = mean(x)
  const my = mean(y)
  let xy = 0
  let xx = 0
  x.forEach((v, i) => {
    xy += (v - mx) * (y[i]! - my)
    xx += (v - mx) ** 2
  })
  return xy / xx
}
