import type { Random } from './random.ts'

const hour = 3_600_000

/** Air around the pump in degrees Celsius: season, day and passing weather. */
export interface Air {
  at(time: number): number
}

export function createAir(random: Random): Air {
  const mean = random.between(17, 21)
  const weather = createWander(random, 2, 30)
  return {
    at(time) {
      const season = 3 * Math.sin((2 * Math.PI * (time / hour - 2500)) / 8766)
      // Warmest at about three in the afternoon.
      const day = 3.5 * Math.cos((2 * Math.PI * (time / hour - 15)) / 24)
      return mean + season + day + weather(time)
    },
  }
}

/**
 * An Ornstein-Uhlenbeck process: wanders around 0 with this standard deviation and forgets over `memoryHours`. The
 * step is exact for any distance in time (Gillespie 1996), so a gap in the readings does not matter.
 */
export function createWander(
  random: Random,
  deviation: number,
  memoryHours: number,
): (time: number) => number {
  let value = random.normal(0, deviation)
  let last: number | undefined
  return (time) => {
    const keep = last === undefined ? 1 : Math.exp(-(time - last) / (memoryHours * hour))
    last = time
    value = keep * value + deviation * Math.sqrt(1 - keep * keep) * random.normal()
    // Beyond three deviations a real process would be limited by its control.
    const limit = 3 * deviation
    value = Math.max(-limit, Math.min(limit, value))
    return value
  }
}

/** Short, harmless disturbances: a truck passes, a filter is flushed. `strength` is 0 in between. */
export interface Disturbance {
  readonly kind: 'shake' | 'flush'
  readonly strength: number
}

export function createDisturbances(random: Random): (time: number) => Disturbance | undefined {
  const meanGap = 80 * hour
  let next: number | undefined
  let until = 0
  let current: Disturbance | undefined
  return (time) => {
    next ??= time + random.exponential(meanGap)
    if (time >= next) {
      current = { kind: random.chance(0.5) ? 'shake' : 'flush', strength: random.between(0.3, 1) }
      until = time + random.between(0.1, 0.5) * hour
      next = until + random.exponential(meanGap)
    }
    return time < until ? current : undefined
  }
}
