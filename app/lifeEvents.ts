import type { LifeEvent } from '../core/device.ts'
import type { DeviceRegister } from '../core/ports.ts'

/**
 * What happens with a life event, whoever tells it (a device, a planner, a confirmed ticket): the register keeps it,
 * then the policy hears of it, in this process or another. Told again it changes nothing.
 */
export function createLifeEvents(
  register: Pick<DeviceRegister, 'addEvent'>,
  tellPolicy: (event: LifeEvent) => Promise<unknown>,
): (event: LifeEvent) => Promise<void> {
  return async (event) => {
    await register.addEvent(event)
    await tellPolicy(event)
  }
}
