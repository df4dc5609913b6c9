import { createFault, type Fault, type PumpMode } from './pumpFaults.ts'
import { createRandom, type Random } from './random.ts'
import { createRegime } from './regime.ts'
import { createAir, createDisturbances, createWander } from './surroundings.ts'

const hour = 3_600_000

/**
 * A centrifugal pump with an electric motor, as catalogue/pump.yaml describes it: pure physics, no I/O, no clock.
 * Speed follows the plant's demand; flow, head and power follow speed by the affinity laws (ISO 9906, annex on
 * translating test results): Q ~ n, H ~ n^2, P ~ n^3.
 */
export interface Pump {
  /**
   * The reading at `time` (ms since the epoch, never earlier than the last call): one value a channel, in the order of
   * `pumpChannels` and in the catalogue's units.
   */
  step(time: number): Float64Array
  /** Starts a fault at `time`; the hours it takes are drawn by mode unless given. An earlier fault is replaced. */
  breakDown(mode: PumpMode, time: number, developHours?: number): Fault
  /** As good as new: the same machine without the fault. */
  repair(): void
  /** 0 while healthy, 1 at the failure. */
  severity(time: number): number
  /** Time at which the running fault ends in failure; undefined while healthy. */
  failureTime(): number | undefined
}

/** What makes this machine differ from the next one off the same line. */
interface Build {
  readonly nominalSpeed: number
  readonly vibration: number
  readonly temperature: number
  readonly current: number
  readonly pressure: number
  readonly flow: number
}

const build = (random: Random): Build => ({
  nominalSpeed: 2900 * spread(random, 0.008),
  vibration: spread(random, 0.08),
  temperature: clamp(random.normal(0, 1.5), 4),
  current: spread(random, 0.02),
  pressure: spread(random, 0.02),
  flow: spread(random, 0.02),
})

/** Noise of a ten-minute mean: shares of the value, the temperature in kelvin. */
const noise = { vibration: 0.03, temperature: 0.35, current: 0.01, pressure: 0.01, flow: 0.012, speed: 0.001 }

/** Drift of the sensors: standard deviation in the same units; it wanders over weeks. */
const drift = { vibration: 0.015, temperature: 0.5, current: 0.005, pressure: 0.006, flow: 0.008 }
const driftMemoryHours = 700

/** Heat moves through the housing slowly: the bearing follows the load with this time constant. */
const thermalHours = 1.5

export function createPump(options: { seed: string | number; id: string }): Pump {
  const stream = (name: string) => createRandom(`${options.seed}/${options.id}/${name}`)
  const machine = build(stream('build'))
  const regime = createRegime(stream('regime'))
  const air = createAir(stream('air'))
  const disturbances = createDisturbances(stream('disturbances'))
  const throttle = createWander(stream('throttle'), 0.008, 8)
  const faults = stream('faults')
  const sensors = createSensors(stream('noise'), stream('drift'))
  const housing = createHousing()
  let running: { fault: Fault; since: number } | undefined

  const severity = (time: number) => (running ? running.fault.severity((time - running.since) / hour) : 0)

  return {
    severity,
    failureTime: () => running && running.since + running.fault.developHours * hour,
    repair() {
      running = undefined
    },
    breakDown(mode, time, developHours) {
      const fault = createFault(mode, faults, developHours)
      running = { fault, since: time }
      return fault
    },
    step(time) {
      const share = severity(time)
      const by = (what: keyof Fault['signature']) => share * (running?.fault.signature[what] ?? 0)
      const event = disturbances(time)
      const shake = event?.kind === 'shake' ? event.strength : 0
      const flush = event?.kind === 'flush' ? event.strength : 0
      const valve = throttle(time)

      const n = regime.demand(time)
      const load = 0.35 + 0.65 * n ** 3
      const heat = 16 + 20 * load + by('bearing_temperature')
      return sensors(time, by('roughness'), {
        vibration: (0.75 + 0.85 * n * n) * machine.vibration * (1 + by('vibration')) + 0.5 * shake,
        temperature: housing(time, air.at(time) + heat) + machine.temperature,
        current: 41 * load * machine.current * (1 + by('motor_current')),
        pressure:
          7.2 * n ** 2 * machine.pressure * (1 - 0.6 * valve + 0.03 * flush) * (1 + by('discharge_pressure')),
        flow: 118 * n * machine.flow * (1 + valve - 0.06 * flush) * (1 + by('flow')),
        speed: machine.nominalSpeed * n * (1 + by('speed')),
      })
    },
  }
}

interface Truth {
  readonly vibration: number
  readonly temperature: number
  readonly current: number
  readonly pressure: number
  readonly flow: number
  readonly speed: number
}

/** Turns the truth into what the sensors say: noise and slow drift. */
function createSensors(random: Random, drifting: Random) {
  const wander = (deviation: number) => createWander(drifting, deviation, driftMemoryHours)
  const drifts = {
    vibration: wander(drift.vibration),
    temperature: wander(drift.temperature),
    current: wander(drift.current),
    pressure: wander(drift.pressure),
    flow: wander(drift.flow),
  }
  return (time: number, roughness: number, truth: Truth): Float64Array => {
    const share = (deviation: number) => 1 + clamp(random.normal(0, deviation), 4 * deviation)
    return Float64Array.of(
      truth.vibration * (1 + drifts.vibration(time)) * share(noise.vibration + roughness),
      truth.temperature + drifts.temperature(time) + random.normal(0, noise.temperature),
      truth.current * (1 + drifts.current(time)) * share(noise.current),
      truth.pressure * (1 + drifts.pressure(time)) * share(noise.pressure),
      truth.flow * (1 + drifts.flow(time)) * share(noise.flow),
      truth.speed * share(noise.speed),
    )
  }
}

/** First-order lag towards the steady state: dT/dt = (target - T) / tau, solved exactly between readings. */
function createHousing() {
  let temperature: number | undefined
  let last = 0
  return (time: number, target: number): number => {
    const keep = temperature === undefined ? 0 : Math.exp(-(time - last) / (thermalHours * hour))
    temperature = target + keep * ((temperature ?? target) - target)
    last = time
    return temperature
  }
}

/** A factor around 1. */
const spread = (random: Random, deviation: number) => 1 + clamp(random.normal(0, deviation), 2.5 * deviation)

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value))
