import { beforeAll, describe, expect, it } from 'vitest'
import type { LifeEvent } from '../../core/device.ts'
import type { DeviceRegister } from '../../core/ports.ts'

export interface RegisterUnderTest {
  readonly register: DeviceRegister
  restart(): Promise<DeviceRegister>
}

const device = (name: string, firstSeen = 1_732_250_000_123) => ({
  device: name,
  site: 'north',
  assetType: 'pump',
  firstSeen,
})

/** What every device register must do; `make` is called once. */
export function registerContract(name: string, make: () => Promise<RegisterUnderTest>): void {
  describe(`device register: ${name}`, () => {
    let test: RegisterUnderTest
    let register: DeviceRegister
    beforeAll(async () => {
      test = await make()
      register = test.register
    })

    it('registers a device with its defaults', async () => {
      await register.seen([device('r-1')])
      expect(await register.get('r-1')).toEqual({ ...device('r-1'), parent: null, criticality: 'medium' })
    })

    it('leaves a known device as it is', async () => {
      await register.seen([device('r-2', 1)])
      await register.seen([{ ...device('r-2', 2), site: 'south' }, device('r-3'), device('r-3', 3)])
      expect(await register.get('r-2')).toMatchObject({ site: 'north', firstSeen: 1 })
      expect(await register.get('r-3')).toMatchObject({ firstSeen: 1_732_250_000_123 })
    })

    it('takes nobody, and twelve thousand at once', async () => {
      await register.seen([])
      const before = (await register.list()).length
      await register.seen(Array.from({ length: 12_000 }, (_, i) => device(`many-${i}`)))
      expect(await register.list()).toHaveLength(before + 12_000)
    })

    it('says which device it does not know', async () => {
      await expect(register.get("x'; --")).rejects.toMatchObject({
        code: 'DEVICE_UNKNOWN',
        details: { device: "x'; --" },
      })
    })

    it('keeps life events in order of time, each once, also of a device not yet seen', async () => {
      const repaired: LifeEvent = { device: 'r-9', time: 2000, kind: 'repaired', detail: 'new bearing' }
      const installed: LifeEvent = { device: 'r-9', time: 1000, kind: 'installed', detail: '' }
      for (const event of [repaired, installed, repaired]) await register.addEvent(event)
      expect(await register.events('r-9')).toEqual([installed, repaired])
      expect(await register.events('r-none')).toEqual([])
    })

    it('takes what a person knows of a device, and keeps who said so', async () => {
      await register.seen(['e-1', 'e-2', 'e-3'].map((name) => device(name)))
      const by = { actor: 'Ines', at: 1_732_250_000_500 }
      const edited = await register.edit('e-2', { parent: 'e-1', criticality: 'high' }, by)
      expect(edited).toEqual({ ...device('e-2'), parent: 'e-1', criticality: 'high' })
      await register.edit('e-3', { parent: 'e-2' }, by)
      expect(await register.get('e-2')).toEqual(edited)
      expect(Object.fromEntries(await register.parents())).toEqual({ 'e-2': 'e-1', 'e-3': 'e-2' })
      // What is the same already is no change.
      await register.edit('e-2', { criticality: 'high' }, by)
      await register.edit('e-2', { parent: null }, { actor: 'Bo', at: 1_732_250_000_600 })
      expect(await register.edits('e-2')).toEqual([
        { device: 'e-2', ...by, field: 'parent', before: null, after: 'e-1' },
        { device: 'e-2', ...by, field: 'criticality', before: 'medium', after: 'high' },
        { device: 'e-2', at: 1_732_250_000_600, actor: 'Bo', field: 'parent', before: 'e-1', after: null },
      ])
      expect(await register.edits('e-1')).toEqual([])
    })

    it('lets no device hang on itself, over whatever lies between, and on none that is not there', async () => {
      const by = { actor: 'Ines', at: 1 }
      await register.edit('e-2', { parent: 'e-1' }, by)
      const refused = async (name: string, parent: string) => {
        const edit = register.edit(name, { parent }, by)
        await expect(edit).rejects.toMatchObject({
          code: 'DEVICE_PARENT_INVALID',
          details: { device: name, parent },
        })
      }
      await refused('e-1', 'e-1')
      await refused('e-1', 'e-3')
      await refused('e-1', 'nobody')
      await expect(register.edit('nobody', { criticality: 'low' }, by)).rejects.toMatchObject({
        code: 'DEVICE_UNKNOWN',
      })
      // Two edits at once, each sound by itself.
      await register.edit('e-2', { parent: null }, by)
      await register.edit('e-3', { parent: null }, by)
      const both = await Promise.allSettled([
        register.edit('e-2', { parent: 'e-3' }, by),
        register.edit('e-3', { parent: 'e-2' }, by),
      ])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('keeps everything over a restart', async () => {
      const [devices, events] = [await register.list(), await register.events('r-9')]
      register = await test.restart()
      expect(await register.list()).toEqual(devices)
      expect(await register.events('r-9')).toEqual(events)
    })
  })
}
