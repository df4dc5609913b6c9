import { type ActByDate, actByOf } from './actBy.ts'
import type { Catalogue } from './catalogue.ts'
import type { Device } from './device.ts'
import { priorityOf, type TicketPriority } from './priority.ts'
import type { Prediction } from './ticket.ts'
import type { WorkingCalendar } from './workingCalendar.ts'

/** What a ticket's newest prediction means for planning. */
export interface Assessment {
  readonly priority: TicketPriority
  /** Null for an asset type that is no longer catalogued: nobody knows how its life is counted. */
  readonly actBy: ActByDate | null
}

/** What the register says of a ticket's device. */
export type DeviceFacts = Pick<Device, 'criticality' | 'usagePerDay'>

export type Assess = (
  prediction: Pick<Prediction, 'assetType' | 'mode' | 'failureProbability' | 'rul' | 'windowEnd'>,
  device: DeviceFacts,
) => Assessment

/** A device that is not registered yet. */
export const unregisteredFacts: DeviceFacts = { criticality: 'medium', usagePerDay: null }

/** Same prediction, catalogue, calendar and register: same assessment. */
export function createAssess(parts: {
  readonly catalogue: Catalogue
  readonly calendar: WorkingCalendar
}): Assess {
  return ({ assetType, mode, failureProbability, rul, windowEnd }, { criticality, usagePerDay }) => {
    const type = parts.catalogue.get(assetType)
    return {
      priority: priorityOf({ type, mode, probability: failureProbability, criticality }),
      actBy: type ? actByOf({ type, mode, rul, windowEnd, usagePerDay }, parts.calendar) : null,
    }
  }
}
