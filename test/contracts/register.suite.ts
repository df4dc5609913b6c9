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

    it('keeps everything over a restart', async () => {
      const [devices, events] = [await register.list(), await register.events('r-9')]
      register = await test.restart()
      expect(await register.list()).toEqual(devices)
      expect(await register.events('r-9')).toEqual(events)
    })
  })
}
