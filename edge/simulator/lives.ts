import type { Population } from './population.ts'
import { isPumpMode, type PumpMode, pumpChannels } from './pumpFaults.ts'
import { createPump } from './pumpModel.ts'
import { createRandom } from './random.ts'

/** Ten minutes, the pump's cadence in catalogue/pump.yaml. */
export const pumpCadenceMs = 600_000
const hour = 3_600_000

/**
 * The hours a fault takes when someone breaks a pump on the page: at 20 readings a second it fails after 30 to 36 s.
 * Inside the range of every mode in pumpFaults.ts, so the models know it.
 */
export const shownDevelopHours: readonly [number, number] = [100, 119]

export interface LifeOptions {
  readonly seed: string | number
  /** The failure mode that ends this life; null: the pump stays healthy. */
  readonly mode: PumpMode | string | null
  /** Age in hours at which the fault shows its first sign. */
  readonly startHours: number
  /** Hours from there to the failure; drawn by mode when left out. */
  readonly developHours?: number | undefined
  /** The life is cut after so many readings, failed or not. */
  readonly totalSlots: number
  /** The fleet that the pump belongs to; the demo's where left out. */
  readonly population?: Population | undefined
}

export interface Life {
  /** One array a channel in catalogue order, one value every ten minutes: up to the failure or `totalSlots`. */
  readonly values: readonly Float64Array[]
  /** Event times of the rows, ms. */
  readonly times: Float64Array
  /** Hours left until the failure at each row; Infinity in a healthy life. Not capped. */
  readonly rul: Float64Array
  /** 0 healthy to 1 failed at each row. */
  readonly severity: Float64Array
  /** Event time of the failure, ms; null in a healthy life. It may lie beyond the last row. */
  readonly failedAt: number | null
}

/** One pump's life for training and tests: the same options give the same numbers on every machine. */
export function simulateLife(options: LifeOptions): Life {
  if (options.mode !== null && !isPumpMode(options.mode)) {
    throw new RangeError(`a pump has no failure mode ${options.mode}`)
  }
  const pump = createPump({ seed: options.seed, id: 'life', population: options.population })
  const start = lifeStart(options.seed)
  if (options.mode) pump.breakDown(options.mode, start + options.startHours * hour, options.developHours)
  const failedAt = pump.failureTime() ?? null

  const untilFailure =
    failedAt === null ? Number.POSITIVE_INFINITY : Math.ceil((failedAt - start) / pumpCadenceMs)
  const rows = Math.min(options.totalSlots, untilFailure)
  const column = () => new Float64Array(rows)
  const life = {
    values: pumpChannels.map(column),
    times: column(),
    rul: column(),
    severity: column(),
    failedAt,
  }
  for (let row = 0; row < rows; row++) {
    const time = start + row * pumpCadenceMs
    pump.step(time).forEach((value, channel) => {
      life.values[channel]![row] = value
    })
    life.times[row] = time
    life.rul[row] = failedAt === null ? Number.POSITIVE_INFINITY : (failedAt - time) / hour
    life.severity[row] = pump.severity(time)
  }
  return life
}

/** Lives begin at any hour and season. */
const lifeStart = (seed: string | number) =>
  Date.UTC(2024, 0, 1) + createRandom(`${seed}/birth`).below(366 * 144) * pumpCadenceMs
