import { type Life, pumpCadenceMs, simulateLife } from '../../edge/simulator/lives.ts'
import { type PumpMode, pumpChannels, pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { createPump } from '../../edge/simulator/pumpModel.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'

/** Failing lives of each mode, repaired ones of each mode, and pumps that stay healthy. */
const counts = { failing: 40, repaired: 8, healthy: 100 } as const

const slotsPerHour = 6
const hour = 3_600_000

/**
 * Simulated pumps to train on: every failure mode alike, beginning at any age between half a day and five days; some that
 * are repaired before they fail, so that a repair is believed at once; healthy ones of ten days. The demo's fleet draws
 * from other seeds.
 */
export function pumpLives(seed: number): TrainingLife[] {
  const times = (count: number) => Array.from({ length: count }, (_, i) => i)
  return [
    ...pumpModes.flatMap((mode) =>
      times(counts.failing).map((i) => failing(`train-${seed}-${mode}-${i}`, mode, i)),
    ),
    ...pumpModes.flatMap((mode) =>
      times(counts.repaired).map((i) => repaired(`train-${seed}-fix-${mode}-${i}`, mode, i)),
    ),
    ...times(counts.healthy).map((i) => healthy(`train-${seed}-healthy-${i}`)),
  ]
}

function failing(seed: string, mode: PumpMode, i: number): TrainingLife {
  const startHours = 12 + (108 * i) / counts.failing
  const life = simulateLife({ seed, mode, startHours, totalSlots: 400 * slotsPerHour })
  return { id: seed, values: life.values, rul: life.rul, onset: onsetOf(life) }
}

function healthy(seed: string): TrainingLife {
  const life = simulateLife({ seed, mode: null, startHours: 0, totalSlots: 240 * slotsPerHour })
  return { id: seed, values: life.values, rul: null }
}

/** Breaks after a day, is repaired late in the fault's course, and runs on as good as new for two days and a half. */
function repaired(seed: string, mode: PumpMode, i: number): TrainingLife {
  const pump = createPump({ seed, id: 'life' })
  const start = Date.UTC(2024, i, 1 + i)
  const fault = pump.breakDown(mode, start + 24 * hour)
  const failure = start + (24 + fault.developHours) * hour
  const repair = start + (24 + fault.developHours * (0.7 + (0.3 * i) / counts.repaired)) * hour
  const slots = Math.ceil((repair - start) / pumpCadenceMs) + 60 * slotsPerHour
  const life = { columns: pumpChannels.map(() => new Float64Array(slots)), rul: new Float64Array(slots) }
  for (let row = 0; row < slots; row++) {
    const time = start + row * pumpCadenceMs
    if (time >= repair) pump.repair()
    pump.step(time).forEach((value, c) => {
      life.columns[c]![row] = value
    })
    life.rul[row] = time < repair ? (failure - time) / hour : Number.POSITIVE_INFINITY
  }
  return { id: seed, values: life.columns, rul: life.rul, onset: 24 * slotsPerHour }
}

function onsetOf({ severity }: Life): number {
  const first = severity.findIndex((s) => s > 0)
  return first < 0 ? severity.length : first
}
