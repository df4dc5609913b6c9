import type { Population } from './population.ts'
import type { Random } from './random.ts'

const hour = 3_600_000

/** Air around the pump in degrees Celsius: season, day and passing weather. */
export interface Air {
  at(time: number): number
}

export function createAir(random: Random, place: Population['air']): Air {
  const mean = random.between(...place.mean)
  const weather = createWander(random, place.weather.deviation, place.weather.memoryHours)
  return {
    at(time) {
      const season = place.season * Math.sin((2 * Math.PI * (time / hour - 2500)) / 8766)
      // Warmest at about three in the afternoon.
      const day = place.day * Math.cos((2 * Math.PI * (time / hour - 15)) / 24)
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

export function createDisturbances(
  random: Random,
  { meanGap, strength, lasting }: Population['disturbances'],
): (time: number) => Disturbance | undefined {
  let next: number | undefined
  let until = 0
  let current: Disturbance | undefined
  return (time) => {
    next ??= time + random.exponential(meanGap * hour)
    if (time >= next) {
      current = { kind: random.chance(0.5) ? 'shake' : 'flush', strength: random.between(...strength) }
      until = time + random.between(...lasting) * hour
      next = until + random.exponential(meanGap * hour)
    }
    return time < until ? current : undefined
  }
}
