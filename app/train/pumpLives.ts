import { simulateLife } from '../../edge/simulator/lives.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'

/** Lives of each failure mode, and of pumps that stay healthy. */
export const livesPerMode = 40
export const healthyLives = 120

const slotsPerHour = 6

/**
 * Simulated pumps to train on: every failure mode alike, starting at any age between half a day and five days, and
 * healthy ones of ten days. The demo's fleet draws from other seeds.
 */
export function pumpLives(seed: number): TrainingLife[] {
  const failing = pumpModes.flatMap((mode) =>
    Array.from({ length: livesPerMode }, (_, i) => {
      const startHours = 12 + (108 * i) / livesPerMode
      const life = simulateLife({
        seed: `train-${seed}-${mode}-${i}`,
        mode,
        startHours,
        totalSlots: 400 * slotsPerHour,
      })
      return { id: `${mode}-${i}`, values: life.values, rul: life.rul }
    }),
  )
  const healthy = Array.from({ length: healthyLives }, (_, i) => {
    const life = simulateLife({
      seed: `train-${seed}-healthy-${i}`,
      mode: null,
      startHours: 0,
      totalSlots: 240 * slotsPerHour,
    })
    return { id: `healthy-${i}`, values: life.values, rul: null }
  })
  return [...failing, ...healthy]
}
