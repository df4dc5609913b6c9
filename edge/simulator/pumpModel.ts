import { type BySensor, knownPumps, type Population } from './population.ts'
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

/** A bearing differs from the mean by so many deviations at most. */
const warmest = 8 / 3

const build = (random: Random, by: Population['build']): Build => ({
  nominalSpeed: 2900 * spread(random, by.nominalSpeed),
  vibration: spread(random, by.vibration),
  temperature: clamp(random.normal(0, by.temperature), warmest * by.temperature),
  current: spread(random, by.current),
  pressure: spread(random, by.pressure),
  flow: spread(random, by.flow),
})

/** The machine after a repair: other parts, calibrated sensors. */
const refitted = (machine: Build, random: Random, by: BySensor): Build => ({
  nominalSpeed: machine.nominalSpeed,
  vibration: machine.vibration * spread(random, by.vibration),
  temperature: machine.temperature + clamp(random.normal(0, by.temperature), warmest * by.temperature),
  current: machine.current * spread(random, by.current),
  pressure: machine.pressure * spread(random, by.pressure),
  flow: machine.flow * spread(random, by.flow),
})

/** What a pump is made from: the same seed, id and population give the same readings on every machine. */
export interface PumpOptions {
  readonly seed: string | number
  readonly id: string
  /** The fleet that it belongs to; the demo's where left out. */
  readonly population?: Population | undefined
}

export function createPump({ seed, id, population = knownPumps }: PumpOptions): Pump {
  const stream = (name: string) => createRandom(`${seed}/${id}/${name}`)
  let machine = build(stream('build'), population.build)
  const regime = createRegime(stream('regime'), population.regime)
  const air = createAir(stream('air'), population.air)
  const disturbances = createDisturbances(stream('disturbances'), population.disturbances)
  const throttle = createWander(
    stream('throttle'),
    population.throttle.deviation,
    population.throttle.memoryHours,
  )
  const faults = stream('faults')
  const refits = stream('refit')
  const ageing = createAgeing(stream('ageing'), population.ageing)
  const sensors = createSensors(stream('noise'), stream('drift'), population)
  const housing = createHousing(population.thermalHours)
  let running: { fault: Fault; since: number } | undefined

  const severity = (time: number) => (running ? running.fault.severity((time - running.since) / hour) : 0)

  return {
    severity,
    failureTime: () => running && running.since + running.fault.developHours * hour,
    repair() {
      running = undefined
      if (population.refit) machine = refitted(machine, refits, population.refit)
      ageing.calibrate()
    },
    breakDown(mode, time, developHours) {
      const fault = createFault(mode, faults, developHours, population.faults)
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
      return sensors(time, by('roughness'), ageing.at(time), {
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

/** Turns the truth into what the sensors say: noise, slow drift, and by how much one that ages is off. */
function createSensors(random: Random, drifting: Random, { drift, noise }: Population) {
  const wander = (deviation: number) => createWander(drifting, deviation, drift.memoryHours)
  const drifts = {
    vibration: wander(drift.vibration),
    temperature: wander(drift.temperature),
    current: wander(drift.current),
    pressure: wander(drift.pressure),
    flow: wander(drift.flow),
  }
  return (time: number, roughness: number, aged: BySensor, truth: Truth): Float64Array => {
    const share = (deviation: number) => 1 + clamp(random.normal(0, deviation), 4 * deviation)
    return Float64Array.of(
      truth.vibration * (1 + drifts.vibration(time) + aged.vibration) * share(noise.vibration + roughness),
      truth.temperature + drifts.temperature(time) + aged.temperature + random.normal(0, noise.temperature),
      truth.current * (1 + drifts.current(time) + aged.current) * share(noise.current),
      truth.pressure * (1 + drifts.pressure(time) + aged.pressure) * share(noise.pressure),
      truth.flow * (1 + drifts.flow(time) + aged.flow) * share(noise.flow),
      truth.speed * share(noise.speed),
    )
  }
}

const sound: BySensor = { vibration: 0, temperature: 0, current: 0, pressure: 0, flow: 0 }

/** One sensor of a pump may age: it is off by ever more, one way, until it is calibrated at a repair. */
function createAgeing(random: Random, settings: Population['ageing']) {
  const ages = settings !== null && random.chance(settings.share)
  const sensor = random.pick(Object.keys(sound) as (keyof BySensor)[])
  const per90Days = ages ? settings[sensor] * random.between(0.4, 1) * (random.chance(0.5) ? 1 : -1) : 0
  let since: number | undefined
  return {
    at(time: number): BySensor {
      if (!ages) return sound
      since ??= time
      return { ...sound, [sensor]: (per90Days * (time - since)) / (90 * 24 * hour) }
    },
    calibrate() {
      since = undefined
    },
  }
}

/** First-order lag towards the steady state: dT/dt = (target - T) / tau, solved exactly between readings. */
function createHousing(thermalHours: number) {
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
