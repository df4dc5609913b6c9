import { recordOf } from '../../../edge/simulator/unseenFleet.ts'
import type { DeviceSeries } from '../../../models/training/series.ts'
import { type FixedLimits, limitTickets } from './fixedLimits.ts'
import { judgeDevice } from './outcome.ts'
import type { DeviceResult, Subject } from './protocol.ts'
import { forewarnTickets, type TicketParts } from './ticketsOf.ts'
import { lifeEventsOf, type TruthMoment, trueLives } from './truth.ts'

/** Judges one device: what forewarn and what the rule would have opened, by the same truth. */
export async function judgeSubject(
  subject: Subject,
  limits: FixedLimits,
  parts: TicketParts,
): Promise<DeviceResult> {
  const { series, truth } = 'plan' in subject ? simulated(subject) : subject
  const { device, times } = series
  const events = lifeEventsOf(truth)
  const lives = trueLives(device, truth, [times[0]!, times.at(-1)!])
  const { opened, windows } = await forewarnTickets(series, events, parts)
  // Readings, not days: a machine that stands still, or is not heard of, cannot give an alarm.
  const watched = times.length * parts.type.cadenceMs
  return {
    readings: times.length,
    windows,
    forewarn: { ...judgeDevice(parts.type, lives, opened), watched },
    rule: { ...judgeDevice(parts.type, lives, limitTickets(series, events, limits)), watched },
  }
}

/** Fleets name their pumps alike, and a thread's scorer and ticket store see several fleets: the seed tells them apart. */
function simulated({ plan }: Extract<Subject, { plan: unknown }>): {
  series: DeviceSeries
  truth: readonly TruthMoment[]
} {
  const { times, channels, moments } = recordOf(plan)
  const device = `${plan.seed}/${plan.device}`
  return {
    series: { device, times, channels, rul: null },
    truth: moments.map((moment) => ({ ...moment, device })),
  }
}
