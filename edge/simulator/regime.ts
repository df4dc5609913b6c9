import type { Population } from './population.ts'
import type { Random } from './random.ts'

const hour = 3_600_000

/** What the plant asks of the pump: its speed as a share of the nominal one, kept for a while, then changed. */
export interface Regime {
  /** Share of the nominal speed, about 0.68 to 1. */
  demand(time: number): number
}

type Settings = Population['regime']

/** Dwell times of 2 to about 20 hours, so that most windows hold one or two regimes. */
export function createRegime(random: Random, settings: Settings): Regime {
  const { setPoints, dwell } = settings
  const offset = random.between(-settings.offset, settings.offset)
  let setPoint: number = setPoints.middle
  let until = Number.NEGATIVE_INFINITY
  return {
    demand(time) {
      if (time >= until) {
        setPoint = choose(time, random, settings)
        until = time + (dwell.least + random.exponential(dwell.mean)) * hour
      }
      return setPoint + offset
    },
  }
}

/** Less is pumped at night. */
function choose(time: number, random: Random, { setPoints, byDay, byNight }: Settings): number {
  const clockHour = (time / hour) % 24
  const { low, middle } = clockHour >= 6 && clockHour < 21 ? byDay : byNight
  const draw = random.next()
  if (draw < low) return setPoints.low
  return draw < low + middle ? setPoints.middle : setPoints.high
}
