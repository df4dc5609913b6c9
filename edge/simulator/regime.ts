import type { Random } from './random.ts'

const hour = 3_600_000

/** What the plant asks of the pump: its speed as a share of the nominal one, kept for a while, then changed. */
export interface Regime {
  /** Share of the nominal speed, about 0.68 to 1. */
  demand(time: number): number
}

const setPoints = { low: 0.74, middle: 0.86, high: 0.97 } as const

/** Share of the changes that lead to the low and to the middle set-point: less is pumped at night. */
const byDay = { low: 0.15, middle: 0.5 }
const byNight = { low: 0.6, middle: 0.3 }

/** Dwell times of 2 to about 20 hours, so that most windows hold one or two regimes. */
export function createRegime(random: Random): Regime {
  const offset = random.between(-0.025, 0.025)
  let setPoint: number = setPoints.middle
  let until = Number.NEGATIVE_INFINITY
  return {
    demand(time) {
      if (time >= until) {
        setPoint = choose(time, random)
        until = time + (2 + random.exponential(5)) * hour
      }
      return setPoint + offset
    },
  }
}

function choose(time: number, random: Random): number {
  const clockHour = (time / hour) % 24
  const { low, middle } = clockHour >= 6 && clockHour < 21 ? byDay : byNight
  const draw = random.next()
  if (draw < low) return setPoints.low
  return draw < low + middle ? setPoints.middle : setPoints.high
}
