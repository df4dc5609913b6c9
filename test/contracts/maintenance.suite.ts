import { beforeAll, describe, expect, it } from 'vitest'
import type { NewMaintenance } from '../../core/maintenance.ts'
import type { Maintenance } from '../../core/ports.ts'

export interface MaintenanceUnderTest {
  readonly maintenance: Maintenance
  restart(): Promise<Maintenance>
}

const hour = 3_600_000
const from = 1_732_250_000_123
const window: NewMaintenance = {
  scope: 'site',
  of: "o'hall",
  from,
  to: from + hour,
  reason: 'belt change, 2 %',
  actor: 'Ines',
}

/** What every store of maintenance windows must do; `make` is called once. */
export function maintenanceContract(name: string, make: () => Promise<MaintenanceUnderTest>): void {
  describe(`maintenance: ${name}`, () => {
    let test: MaintenanceUnderTest
    let maintenance: Maintenance
    beforeAll(async () => {
      test = await make()
      maintenance = test.maintenance
    })

    it('keeps windows, newest first', async () => {
      const first = await maintenance.add(window)
      const second = await maintenance.add({ ...window, scope: 'device', of: 'P-1' })
      expect(first).toEqual({ ...window, id: first.id, endedBy: null })
      expect(await maintenance.list()).toEqual([second, first])
    })

    it('ends one early, once', async () => {
      const { id } = await maintenance.add(window)
      const ended = await maintenance.end(id, { at: from + 5, actor: 'Bo' })
      expect(ended).toEqual({ ...window, id, to: from + 5, endedBy: 'Bo' })
      expect((await maintenance.list())[0]).toEqual(ended)
      await expect(maintenance.end(id, { at: from + 5, actor: 'Bo' })).rejects.toMatchObject({
        code: 'MAINTENANCE_OVER',
      })
    })

    it('lets one that has not begun never begin', async () => {
      const { id } = await maintenance.add(window)
      expect(await maintenance.end(id, { at: from - hour, actor: 'Bo' })).toMatchObject({ from, to: from })
    })

    it('says which it does not know', async () => {
      await expect(maintenance.end(999_999, { at: from, actor: 'Bo' })).rejects.toMatchObject({
        code: 'MAINTENANCE_UNKNOWN',
        details: { id: 999_999 },
      })
    })

    it('keeps everything over a restart', async () => {
      const kept = await maintenance.list()
      maintenance = await test.restart()
      expect(await maintenance.list()).toEqual(kept)
    })
  })
}
