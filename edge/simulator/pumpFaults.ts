import { knownPumps, type Population } from './population.ts'
import type { Random } from './random.ts'

/** The order of the channels in catalogue/pump.yaml; a pump's values are always in it. */
export const pumpChannels = [
  'vibration',
  'bearing_temperature',
  'motor_current',
  'discharge_pressure',
  'flow',
  'speed',
] as const

export type PumpChannel = (typeof pumpChannels)[number]

/**
 * What a failure mode does to the machine at severity 1, just before it fails. `vibration` to `speed` are shares of
 * the healthy value, the temperature is a rise in kelvin; `roughness` is the share by which vibration scatters more.
 */
export interface Signature {
  readonly vibration: number
  readonly bearing_temperature: number
  readonly motor_current: number
  readonly discharge_pressure: number
  readonly flow: number
  readonly speed: number
  readonly roughness: number
  /** Hours from the first sign to the failure: the machine draws from this range. */
  readonly developHours: readonly [low: number, high: number]
  /** Shape of the growth; the population says how steep. */
  readonly growth: 'power' | 'exponential'
}

const healthy = {
  vibration: 0,
  bearing_temperature: 0,
  motor_current: 0,
  discharge_pressure: 0,
  flow: 0,
  speed: 0,
  roughness: 0,
}

/** Signs agree with the symptoms in catalogue/pump.yaml (a test holds that). */
export const signatures = {
  // Spalling: the defect grows with every overrolling, hence exponentially (ISO 13373-1, bearing damage).
  bearing_wear: {
    ...healthy,
    vibration: 0.95,
    bearing_temperature: 31,
    motor_current: 0.06,
    roughness: 0.04,
    developHours: [75, 125],
    growth: 'exponential',
  },
  // Vapour bubbles: head and flow collapse together while the pump rattles.
  cavitation: {
    ...healthy,
    vibration: 0.75,
    discharge_pressure: -0.24,
    flow: -0.31,
    roughness: 0.1,
    developHours: [70, 120],
    growth: 'power',
  },
  // What leaks at the shaft is missing at the outlet, and the motor has less to lift.
  seal_leak: {
    ...healthy,
    discharge_pressure: -0.3,
    flow: -0.13,
    motor_current: -0.11,
    developHours: [70, 120],
    growth: 'power',
  },
  // A deposit that breaks off or grows: once per turn, nothing but vibration.
  imbalance: {
    ...healthy,
    vibration: 1.8,
    motor_current: 0.06,
    roughness: 0.03,
    developHours: [75, 125],
    growth: 'power',
  },
  // Shorted turns: more current for the same work, more heat, more slip.
  winding_overheating: {
    ...healthy,
    motor_current: 0.34,
    bearing_temperature: 13,
    speed: -0.02,
    developHours: [75, 125],
    growth: 'exponential',
  },
} as const satisfies Record<string, Signature>

export type PumpMode = keyof typeof signatures
export const pumpModes = Object.keys(signatures) as PumpMode[]

export const isPumpMode = (mode: string): mode is PumpMode => Object.hasOwn(signatures, mode)

/** One fault on its way: how severe it is so many hours after its first sign, and what it does to the machine. */
export interface Fault {
  readonly mode: PumpMode
  readonly developHours: number
  /** 0 at the first sign, 1 at the failure, never falling in between. */
  severity(hours: number): number
  /** This machine's signature: the mode's, each share varied by about a tenth. */
  readonly signature: Readonly<Record<PumpChannel | 'roughness', number>>
}

/** Draws the individual course of a fault. */
export function createFault(
  mode: PumpMode,
  random: Random,
  developHours?: number,
  settings: Population['faults'] = knownPumps.faults,
): Fault {
  const typical: Signature = signatures[mode]
  const [shortest, longest] = typical.developHours
  const [low, high] = settings.stretch
  const hours = developHours ?? random.between(low * shortest, high * longest)
  const grow = growthLaw(typical.growth, random.between(...settings[typical.growth]))
  const wobble = timeWobble(random, settings.wobble)
  const vary = (share: number) => share * random.between(...settings.vary)
  return {
    mode,
    developHours: hours,
    severity: (since) => grow(wobble(Math.min(1, Math.max(0, since / hours)))),
    signature: {
      vibration: vary(typical.vibration),
      bearing_temperature: vary(typical.bearing_temperature),
      motor_current: vary(typical.motor_current),
      discharge_pressure: vary(typical.discharge_pressure),
      flow: vary(typical.flow),
      speed: vary(typical.speed),
      roughness: vary(typical.roughness),
    },
  }
}

/** Maps the share of the time gone to severity, both 0 to 1. */
const growthLaw = (law: 'power' | 'exponential', rate: number) =>
  law === 'power' ? (x: number) => x ** rate : (x: number) => Math.expm1(rate * x) / Math.expm1(rate)

/** No fault grows evenly: it lingers and hurries. Monotone since its slope is 1 + a cos(..) with |a| < 1. */
function timeWobble(random: Random, most: number): (x: number) => number {
  const turn = 2 * Math.PI
  const amplitude = random.between(0, most) / turn
  const phase = random.between(0, turn)
  return (x) => x + amplitude * (Math.sin(turn * x + phase) - Math.sin(phase))
}
