import type { PlannedFault } from '../../edge/simulator/faultPlan.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { createRandom } from '../../edge/simulator/random.ts'

const slotsADay = 144

/** When machines fail, days after today: tickets come a day or two before it, the last ones in the night to today. */
const failures = [-6.2, -4.4, -1.9, -0.3, 0.45, 0.95, 1.05, 1.15, 1.3] as const

/** Hours from the first sign to the failure: inside the range of every mode. */
const developHours = [78, 118] as const

/** Days that the past has to have: the models first have to see every machine healthy. */
export const leastPastDays = 12

/**
 * The faults of the weeks before the demo: one machine after the other, so that today's board holds tickets in every
 * state of their life. Of a small fleet at most three in eight have one.
 */
export function planPast(seed: string | number, pumps: number, days: number): PlannedFault[] {
  const random = createRandom(`${seed}/past`)
  const free = Array.from({ length: pumps }, (_, i) => i)
  return failures.slice(-Math.ceil((3 * pumps) / 8)).map((daysAhead) => {
    const hours = random.between(...developHours)
    return {
      pump: free.splice(random.below(free.length), 1)[0]!,
      mode: random.pick(pumpModes),
      developHours: hours,
      slot: Math.round((days + daysAhead - hours / 24) * slotsADay),
    }
  })
}

/** Six in the morning, local time, `daysAgo` days ago: the night’s tickets lie there, and nobody is at work yet. */
export function morning(now: number, daysAgo: number): number {
  const today = new Date(now)
  today.setDate(today.getDate() - daysAgo)
  return today.setHours(6, 0, 0, 0)
}
