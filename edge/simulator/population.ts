/** A value for each sensor: shares of the reading, the temperature in kelvin. */
export interface BySensor {
  readonly vibration: number
  readonly temperature: number
  readonly current: number
  readonly pressure: number
  readonly flow: number
}

type Range = readonly [low: number, high: number]

/**
 * What a fleet of pumps has in common: how far its machines differ from each other, what their sensors are worth, how
 * they are used and where they stand. Standard deviations are shares, of the temperature in kelvin.
 */
export interface Population {
  /** From machine to machine of one line. */
  readonly build: BySensor & { readonly nominalSpeed: number }
  /** Of a ten-minute mean. */
  readonly noise: BySensor & { readonly speed: number }
  /** Sensors wander around their truth and forget over `memoryHours`. */
  readonly drift: BySensor & { readonly memoryHours: number }
  /** Sensors that age one way: that share of the pumps has one, which is off by up to so much after 90 days. */
  readonly ageing: (BySensor & { readonly share: number }) | null
  /** What a repair changes of the machine: a new bearing, another seal, calibrated sensors. */
  readonly refit: BySensor | null
  readonly regime: {
    /** Shares of the nominal speed. */
    readonly setPoints: { readonly low: number; readonly middle: number; readonly high: number }
    /** Each pump's set-points lie off by up to this much. */
    readonly offset: number
    /** Share of the changes that lead to the low and to the middle set-point. */
    readonly byDay: { readonly low: number; readonly middle: number }
    readonly byNight: { readonly low: number; readonly middle: number }
    /** A set-point is kept so long at least, and on average so much longer, hours. */
    readonly dwell: { readonly least: number; readonly mean: number }
  }
  /** Air in degrees Celsius: mean by place, half the swing of season and day, weather that passes. */
  readonly air: {
    readonly mean: Range
    readonly season: number
    readonly day: number
    readonly weather: { readonly deviation: number; readonly memoryHours: number }
  }
  /** Heat moves through the housing slowly: the bearing follows the load with this time constant, hours. */
  readonly thermalHours: number
  /** The valve at the outlet is moved a little all the time. */
  readonly throttle: { readonly deviation: number; readonly memoryHours: number }
  /** Short, harmless ones, hours. */
  readonly disturbances: { readonly meanGap: number; readonly strength: Range; readonly lasting: Range }
  readonly faults: {
    /** Hours of a mode's range are stretched to this one: low end by the first, high end by the second factor. */
    readonly stretch: Range
    /** Exponent of faults that grow by a power law, rate of those that grow exponentially. */
    readonly power: Range
    readonly exponential: Range
    /** Each sign of a machine's fault is the typical one times a factor in this range. */
    readonly vary: Range
    /** Most that a fault lingers and hurries, below 1. */
    readonly wobble: number
  }
}

/** The pumps of the demo, on which the shipped model was trained. */
export const knownPumps: Population = {
  build: {
    nominalSpeed: 0.008,
    vibration: 0.08,
    temperature: 1.5,
    current: 0.02,
    pressure: 0.02,
    flow: 0.02,
  },
  noise: { vibration: 0.03, temperature: 0.35, current: 0.01, pressure: 0.01, flow: 0.012, speed: 0.001 },
  drift: {
    vibration: 0.015,
    temperature: 0.5,
    current: 0.005,
    pressure: 0.006,
    flow: 0.008,
    memoryHours: 700,
  },
  ageing: null,
  refit: null,
  regime: {
    setPoints: { low: 0.74, middle: 0.86, high: 0.97 },
    offset: 0.025,
    byDay: { low: 0.15, middle: 0.5 },
    byNight: { low: 0.6, middle: 0.3 },
    dwell: { least: 2, mean: 5 },
  },
  air: { mean: [17, 21], season: 3, day: 3.5, weather: { deviation: 2, memoryHours: 30 } },
  thermalHours: 1.5,
  throttle: { deviation: 0.008, memoryHours: 8 },
  disturbances: { meanGap: 80, strength: [0.3, 1], lasting: [0.1, 0.5] },
  faults: { stretch: [1, 1], power: [1.6, 2.3], exponential: [2, 3], vary: [0.88, 1.12], wobble: 0.3 },
}

/**
 * Pumps as a supplier's customers have them, to train beside `knownPumps`, so that a model trusts no machine's exact
 * figures (decision 0039; the shipped one has not seen them yet): what differs from machine to machine stands for sensors that have aged as well, since a training
 * life is too short to see one age.
 */
export const variedPumps: Population = {
  build: {
    nominalSpeed: 0.01,
    vibration: 0.13,
    temperature: 3,
    current: 0.03,
    pressure: 0.032,
    flow: 0.034,
  },
  noise: {
    vibration: 0.038,
    temperature: 0.42,
    current: 0.012,
    pressure: 0.012,
    flow: 0.015,
    speed: 0.0012,
  },
  drift: {
    vibration: 0.02,
    temperature: 0.6,
    current: 0.006,
    pressure: 0.008,
    flow: 0.009,
    memoryHours: 450,
  },
  ageing: null,
  refit: { vibration: 0.04, temperature: 0.8, current: 0.008, pressure: 0.008, flow: 0.008 },
  regime: {
    setPoints: { low: 0.73, middle: 0.87, high: 0.96 },
    offset: 0.04,
    byDay: { low: 0.2, middle: 0.4 },
    byNight: { low: 0.5, middle: 0.3 },
    dwell: { least: 2, mean: 7 },
  },
  air: { mean: [13, 25], season: 5, day: 4, weather: { deviation: 2.2, memoryHours: 40 } },
  thermalHours: 1.9,
  throttle: { deviation: 0.01, memoryHours: 10 },
  disturbances: { meanGap: 60, strength: [0.3, 1.1], lasting: [0.1, 0.6] },
  faults: { stretch: [0.65, 1.5], power: [1.3, 3], exponential: [1.4, 4], vary: [0.78, 1.22], wobble: 0.4 },
}

/**
 * Pumps of another make in another plant, which `forewarn evaluate fleet` simulates: no model is trained on them. They
 * differ more from each other, their sensors are noisier, wander faster and some age one way; other set-points, kept
 * longer; a plant with a real winter; heavier housings; more disturbances; a repair leaves another machine behind; faults
 * take two to seven days instead of three to five, grow by other laws and show otherwise.
 */
export const unseenPumps: Population = {
  build: {
    nominalSpeed: 0.012,
    vibration: 0.1,
    temperature: 2,
    current: 0.025,
    pressure: 0.025,
    flow: 0.025,
  },
  noise: {
    vibration: 0.045,
    temperature: 0.5,
    current: 0.014,
    pressure: 0.014,
    flow: 0.018,
    speed: 0.0015,
  },
  drift: {
    vibration: 0.025,
    temperature: 0.8,
    current: 0.007,
    pressure: 0.009,
    flow: 0.01,
    memoryHours: 300,
  },
  ageing: { share: 0.3, vibration: 0.15, temperature: 5, current: 0.03, pressure: 0.04, flow: 0.05 },
  refit: { vibration: 0.05, temperature: 1, current: 0.01, pressure: 0.01, flow: 0.01 },
  regime: {
    setPoints: { low: 0.76, middle: 0.84, high: 0.95 },
    offset: 0.035,
    byDay: { low: 0.25, middle: 0.3 },
    byNight: { low: 0.45, middle: 0.35 },
    dwell: { least: 3, mean: 9 },
  },
  air: { mean: [14, 23], season: 6, day: 4.5, weather: { deviation: 2.5, memoryHours: 60 } },
  thermalHours: 2.3,
  throttle: { deviation: 0.011, memoryHours: 14 },
  disturbances: { meanGap: 45, strength: [0.3, 1.2], lasting: [0.1, 0.8] },
  faults: {
    stretch: [0.75, 1.35],
    power: [1.4, 2.7],
    exponential: [1.6, 3.6],
    vary: [0.8, 1.2],
    wobble: 0.45,
  },
}
