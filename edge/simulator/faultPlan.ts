import { type PumpMode, pumpModes } from './pumpFaults.ts'
import { createRandom } from './random.ts'

/** A fault that comes by itself. */
export interface PlannedFault {
  /** Index of the pump. */
  readonly pump: number
  readonly mode: PumpMode
  /** Readings after the start at which it shows its first sign. */
  readonly slot: number
  /** Hours from there to the failure; drawn by mode when left out. */
  readonly developHours?: number
}

/**
 * Which machines break by themselves: one or two in a dozen, the rest stay healthy. The first begins within a few
 * seconds at 20 readings a second, the others in the half minute after it.
 */
export function planFaults(seed: string | number, pumps: number): PlannedFault[] {
  const random = createRandom(`${seed}/faults`)
  const most = Math.max(1, Math.floor(pumps / 6))
  const count = 1 + random.below(most)
  const chosen = shuffled(pumps, random.below).slice(0, count)
  return chosen.map((pump, i) => ({
    pump,
    mode: random.pick(pumpModes),
    slot: i === 0 ? 36 + random.below(25) : 100 + random.below(600),
  }))
}

/** Fisher-Yates. */
function shuffled(count: number, below: (count: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
