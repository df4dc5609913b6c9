import { describe, expect, it } from 'vitest'
import type { MaintenanceWindow } from '../../core/maintenance.ts'
import { makeScore, now } from '../http/testing/fixtures.ts'
import { ancestorsIn, createPlant, indexMaintenance } from './plant.ts'

const hour = 3_600_000
const window = (changes: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id: 1,
  scope: 'device',
  of: 'pump-1',
  from: now,
  to: now + hour,
  reason: 'belt change',
  actor: 'Ines',
  endedBy: null,
  ...changes,
})
const idAt = (windows: readonly MaintenanceWindow[], windowEnd: number, device = 'pump-1') =>
  indexMaintenance(windows)(makeScore({ windowEnd, device }))?.id

describe('maintenance in force', () => {
  it('is what covers the end of the window, its beginning included', () => {
    const windows = [window()]
    const at = [now - 1, now, now + hour - 1, now + hour]
    expect(at.map((time) => idAt(windows, time))).toEqual([undefined, 1, 1, undefined])
    expect(idAt(windows, now, 'pump-2')).toBeUndefined()
  })

  it('is of a device, of its site or of its asset type; the longest is named', () => {
    expect(idAt([window({ scope: 'site', of: 'north' })], now)).toBe(1)
    expect(idAt([window({ scope: 'asset_type', of: 'pump' })], now)).toBe(1)
    expect(idAt([window({ scope: 'site', of: 'pump-1' })], now)).toBeUndefined()
    const site = window({ id: 2, scope: 'site', of: 'north', to: now + 2 * hour })
    expect(idAt([window(), site, window({ id: 3 })], now)).toBe(2)
  })
})

describe('what a device hangs on', () => {
  it('is named from the nearest up', () => {
    const parents = new Map([
      ['seal', 'pump'],
      ['pump', 'line'],
    ])
    expect(ancestorsIn(parents, 'seal')).toEqual(['pump', 'line'])
    expect(ancestorsIn(parents, 'line')).toEqual([])
  })

  it('ends where a circle closes, should one ever be in the register', () => {
    const circle = new Map([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ])
    expect(ancestorsIn(circle, 'a')).toEqual(['b', 'c'])
    expect(ancestorsIn(circle, 'b')).toEqual(['c'])
  })
})

it('keeps what it knew when the database cannot be asked', async () => {
  let away = false
  const plant = createPlant({
    maintenance: { list: async () => (away ? Promise.reject(new Error('away')) : [window()]) },
    register: { parents: async () => new Map([['pump-1', 'line-1']]) },
  })
  expect(plant.maintenance(makeScore())).toBeUndefined()
  await plant.refresh()
  away = true
  await expect(plant.refresh()).rejects.toThrow('away')
  expect(plant.maintenance(makeScore())?.id).toBe(1)
  expect(plant.ancestors('pump-1')).toEqual(['line-1'])
})
