import { renews } from '../alerts/policy/judge.ts'
import type { Clock } from '../core/clock.ts'
import type { LifeEvent } from '../core/device.ts'
import type { DeviceRegister, TelemetryStore } from '../core/ports.ts'
import { disturbanceMode, type Ticket } from '../core/ticket.ts'

export interface ConfirmedRepairParts {
  readonly register: Pick<DeviceRegister, 'events'>
  readonly telemetry: Pick<TelemetryStore, 'window'>
  readonly lifeEvent: (event: LifeEvent) => Promise<void>
  readonly clock: Clock
}

/** Device clocks may run ahead of ours; a reading is never further ahead than this. */
const aheadMs = 86_400_000

/**
 * A fault that a planner confirmed is taken for repaired as of the device's newest reading: the policy starts afresh,
 * and should the fault still be there it opens another ticket. Otherwise the old alarm would stand and keep the next
 * fault silent. A repair that was told since the ticket's deciding window says it already; nothing is added to it.
 */
export function createConfirmedRepair({ register, telemetry, lifeEvent, clock }: ConfirmedRepairParts) {
  return async (ticket: Ticket, change: string): Promise<void> => {
    if (change !== 'resolved' || ticket.verdict !== 'confirmed') return
    // What disturbed a site was no fault of its machines, and nobody has repaired them.
    if (ticket.mode === disturbanceMode) return
    const { id, device, assetType } = ticket
    const { windowEnd } = ticket.prediction
    const told = await register.events(device)
    if (told.some(({ kind, time }) => renews(kind) && time >= windowEnd)) return
    const newest = await telemetry.window(assetType, device, clock.now() + aheadMs, 1)
    const time = Math.max(windowEnd, newest.time[0] ?? windowEnd)
    await lifeEvent({ device, time, kind: 'repaired', detail: `ticket ${id} was resolved as confirmed` })
  }
}
