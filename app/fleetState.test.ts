import { describe, expect, it } from 'vitest'
import { FleetState } from './fleetState.ts'
import { loadCatalogue } from './loadCatalogue.ts'

const catalogue = loadCatalogue()
const slot = catalogue.get('pump')!.cadenceMs
const place = (device: string) => ({ device, site: 'north', assetType: 'pump' })
const scoredAt = (device: string, windowEnd: number) => ({
  ...place(device),
  state: { state: 'scored' as const, windowEnd },
})
const start = 1_700_000_000_000

describe('FleetState', () => {
  it('knows a new device as not scored, never as healthy', () => {
    const fleet = new FleetState(catalogue)
    fleet.appeared(place('P-1'), start)
    expect(fleet.states().get('P-1')?.state).toEqual({ state: 'not_scored', reason: 'no_data', since: start })
  })

  it('reports a device once when its state gets another name', () => {
    const fleet = new FleetState(catalogue)
    expect(fleet.scored([], [scoredAt('P-1', start)], start)).toHaveLength(1)
    expect(fleet.scored([], [scoredAt('P-1', start + slot)], start)).toEqual([])
  })

  it('calls a device silent after twelve cadences by the clock', () => {
    const fleet = new FleetState(catalogue)
    fleet.scored([], [scoredAt('P-1', start)], start)
    expect(fleet.fallenSilent(start + 12 * slot - 1)).toEqual([])
    expect(fleet.fallenSilent(start + 12 * slot)).toMatchObject([
      { device: 'P-1', state: { reason: 'silent', since: start } },
    ])
    expect(fleet.fallenSilent(start + 13 * slot)).toEqual([])
  })

  it('calls a device silent when its kind has gone on twelve cadences in event time, as in a replay', () => {
    const fleet = new FleetState(catalogue)
    fleet.scored([], [scoredAt('P-1', start), scoredAt('P-2', start)], 0)
    fleet.scored([], [scoredAt('P-2', start + 12 * slot)], 6_000)
    expect(fleet.fallenSilent(6_000).map((d) => d.device)).toEqual(['P-1'])
    expect(fleet.states().get('P-2')?.state.state).toBe('scored')
  })

  it('hears a silent device again', () => {
    const fleet = new FleetState(catalogue)
    fleet.scored([], [scoredAt('P-1', start)], start)
    fleet.fallenSilent(start + 20 * slot)
    const changed = fleet.scored([], [scoredAt('P-1', start + 20 * slot)], start + 20 * slot)
    expect(changed.map((d) => d.device)).toEqual(['P-1'])
  })
})
