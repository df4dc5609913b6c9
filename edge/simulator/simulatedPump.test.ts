import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../core/catalogue.ts'
import { createSimulatedPump, repairHours } from './simulatedPump.ts'

const { failureModes } = parseAssetType(
  parse(readFileSync(new URL('../../catalogue/pump.yaml', import.meta.url), 'utf8')),
  'pump.yaml',
)
const hour = 3_600_000
const at = (hours: number) => 1_700_000_000_000 + hours * hour

const fresh = () =>
  createSimulatedPump({ seed: 1, device: 'pump-01', site: 'north', failureModes, start: at(0) })

describe('the life of a simulated pump', () => {
  it('runs, breaks on order, fails once, stands still, is repaired and runs again', () => {
    const pump = fresh()
    expect(pump.advance(at(1)).kind).toBe('reading')
    pump.break('seal_leak', at(2), { ordered: true, developHours: 10 })
    expect(pump.view()).toEqual({
      device: 'pump-01',
      state: 'breaking',
      mode: 'seal_leak',
      since: at(2),
      cost: 0,
    })
    expect(pump.advance(at(11)).kind).toBe('reading')
    expect(pump.advance(at(12))).toEqual({ kind: 'failed', mode: 'seal_leak' })
    expect(pump.advance(at(13)).kind).toBe('standstill')
    expect(pump.view()).toMatchObject({ state: 'failed', mode: 'seal_leak', since: at(12), cost: 9000 })

    pump.repair(at(20))
    expect(pump.view()).toMatchObject({ state: 'running', mode: null, since: at(20), cost: 9000 })
    expect(pump.advance(at(20 + repairHours) - 1).kind).toBe('standstill')
    expect(pump.advance(at(20 + repairHours)).kind).toBe('reading')
    expect(pump.episodes()).toEqual([
      {
        device: 'pump-01',
        mode: 'seal_leak',
        ordered: true,
        brokenAt: at(2),
        failureAt: at(12),
        outcome: 'failed',
        endedAt: at(12),
      },
    ])
  })

  it('costs the planned repair when it comes in time', () => {
    const pump = fresh()
    pump.break('bearing_wear', at(1), { ordered: false, developHours: 50 })
    pump.repair(at(30))
    expect(pump.view().cost).toBe(1800)
    expect(pump.episodes()[0]).toMatchObject({ outcome: 'repaired', endedAt: at(30) })
    expect(pump.advance(at(60)).kind).toBe('reading')
  })

  it('costs nothing and loses no reading when a healthy machine is looked at', () => {
    const pump = fresh()
    pump.repair(at(1))
    expect(pump.view().cost).toBe(0)
    expect(pump.advance(at(1)).kind).toBe('reading')
  })

  it('tells nothing of a fault that nobody ordered until it fails', () => {
    const pump = fresh()
    const before = pump.view()
    pump.break('imbalance', at(1), { ordered: false, developHours: 10 })
    expect(pump.view()).toEqual(before)
    pump.advance(at(12))
    expect(pump.view()).toMatchObject({ state: 'failed', mode: 'imbalance' })
  })

  it('starts anew when another fault is ordered on top', () => {
    const pump = fresh()
    pump.break('imbalance', at(1), { ordered: true, developHours: 10 })
    pump.break('cavitation', at(5), { ordered: true, developHours: 10 })
    expect(pump.episodes().map((e) => [e.mode, e.outcome, e.endedAt])).toEqual([
      ['imbalance', 'superseded', at(5)],
      ['cavitation', 'developing', null],
    ])
    expect(pump.advance(at(12)).kind).toBe('reading')
    expect(pump.advance(at(15))).toEqual({ kind: 'failed', mode: 'cavitation' })
  })

  it('refuses an unknown mode, and to break what has failed', () => {
    const pump = fresh()
    const order = { ordered: true, developHours: 1 }
    expect(() => pump.break('rust', at(1), order)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    )
    pump.break('imbalance', at(1), order)
    pump.advance(at(3))
    expect(() => pump.break('imbalance', at(4), order)).toThrow('repair it first')
  })
})
