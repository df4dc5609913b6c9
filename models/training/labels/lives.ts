import type { AssetType } from '../../../core/catalogue.ts'
import { slotsOf, type TrainingLife } from '../dataset.ts'
import { type Segment, segmentsOf } from '../segments.ts'
import { type DeviceSeries, sliceSeries } from '../series.ts'
import type { LifeEnd, LifePart, Timeline } from './timeline.ts'

/** A life, or a segment of one, as it trains, with what is known of it. */
export interface LabelledLife {
  readonly device: string
  readonly life: TrainingLife
  readonly end: LifeEnd
  /** Failure mode that an event or a planner named. */
  readonly mode: string | null
  /** Slots that are held because their reading is missing. */
  readonly held: number
  /** A planner looked at an alarm in it and found nothing. */
  readonly foundHealthy: boolean
}

/** Readings that train nothing, with the reason in words. */
export interface LeftOut {
  readonly device: string
  readonly why: string
  readonly rows: number
}

export interface Labelled {
  readonly lives: readonly LabelledLife[]
  readonly leftOut: readonly LeftOut[]
}

/** Lives of one device from its readings and its timeline. `needed`: columns that must not have holes. */
export function labelLives(
  type: AssetType,
  series: DeviceSeries,
  timeline: Timeline,
  needed: readonly number[],
): Labelled {
  const lives: LabelledLife[] = []
  const leftOut: LeftOut[] = []
  const add = (end: LifeEnd, segments: readonly Cut[], about: Pick<LifePart, 'mode' | 'healthyUntil'>) => {
    for (const { segment, life, why } of segments) {
      const rows = segment.times.length - (life ? slotsOf(life) : 0)
      if (rows > 0) leftOut.push({ device: series.device, why, rows })
      if (!life) continue
      const foundHealthy = about.healthyUntil !== null && segment.times[0]! <= about.healthyUntil
      lives.push({ device: series.device, life, end, mode: about.mode, held: segment.held, foundHealthy })
    }
  }
  for (const part of timeline.parts) {
    const readings = within(series, part.after, part.until)
    if (readings.times.length === 0) continue
    const told: [LifeEnd, Cut[]][] = series.rul
      ? toldLives(type, readings, needed)
      : [[part.end, cutPart(type, segmentsOf(type, readings, needed), part)]]
    for (const [end, cuts] of told) add(end, cuts, part)
    const laid = told.flatMap(([, cuts]) => cuts).reduce((sum, { segment }) => sum + readIn(segment), 0)
    const rows = readings.times.length - laid
    if (rows > 0) leftOut.push({ device: series.device, why: whyLost, rows })
  }
  for (const { after, until, why } of timeline.unknown) {
    const rows = within(series, after, until).times.length
    if (rows > 0) leftOut.push({ device: series.device, why, rows })
  }
  return { lives: named(series.device, lives), leftOut }
}

const whyLost = 'a channel missing for longer than can be held, or a second reading in one slot'

const readIn = ({ times, held }: Segment): number => times.length - held

/** Several lives of one device are told apart by a number. */
const named = (device: string, lives: readonly LabelledLife[]): LabelledLife[] =>
  lives.map((one, i) => ({
    ...one,
    life: {
      ...one.life,
      ...(lives.length === 1 ? { id: device } : { id: `${device}, part ${i + 1}`, device }),
    },
  }))

function within(series: DeviceSeries, after: number, until: number): DeviceSeries {
  const from = series.times.findIndex((time) => time > after)
  if (from < 0) return sliceSeries(series, 0, 0)
  const behind = series.times.findIndex((time) => time > until)
  return sliceSeries(series, from, behind < 0 ? series.times.length : behind)
}

/** A segment as far as it trains; where not all of it does, why not. */
interface Cut {
  readonly segment: Segment
  readonly life: TrainingLife | null
  readonly why: string
}

function cutPart(type: AssetType, segments: readonly Segment[], part: LifePart): Cut[] {
  const left = remaining(type, segments, part)
  return segments.map((segment, i) => {
    const { times } = segment
    if (part.end === 'running')
      return cut(
        type,
        segment,
        rowsBefore(times, part.suspectFrom),
        null,
        'under an open ticket: not judged yet',
      )
    const rul = left[i]!
    if (!rul)
      return {
        segment,
        life: null,
        why: 'before a reset of the usage count: the way to its end is not known',
      }
    const whole = cut(type, segment, times.length, rul)
    return part.end === 'failed' ? whole : censor(type, whole, part)
  })
}

/**
 * A life that ended before a failure was seen: it would have lasted at least so long. It is healthy while more than the
 * cap is left, or for as long as a planner found nothing, but never from a suspicion on.
 */
function censor(type: AssetType, whole: Cut, { suspectFrom, healthyUntil }: LifePart): Cut {
  const { life, segment } = whole
  if (!life) return whole
  const rul = life.rul!
  const capped = rul.findIndex((left) => left <= type.rulCap)
  const certain = capped < 0 ? rul.length : capped
  const found = healthyUntil === null ? 0 : segment.times.filter((time) => time <= healthyUntil).length
  const onset = Math.min(rowsBefore(segment.times, suspectFrom), Math.max(certain, found))
  return { ...whole, life: { ...life, censored: true, onset } }
}

const rowsBefore = (times: Float64Array, moment: number | null): number => {
  const row = moment === null ? -1 : times.findIndex((time) => time >= moment)
  return row < 0 ? times.length : row
}

/** The first `rows` of a segment as a life; none where they are too few to fill a window's minimum. */
function cut(type: AssetType, segment: Segment, rows: number, rul: Float64Array | null, why = ''): Cut {
  const { minimum } = type.window
  if (segment.times.length < minimum)
    return { segment, life: null, why: `fewer than the ${minimum} rows in a row that a window needs` }
  if (rows < minimum) return { segment, life: null, why }
  const life = {
    id: '',
    values: segment.values.map((v) => v.slice(0, rows)),
    rul: rul ? rul.slice(0, rows) : null,
  }
  return { segment, life, why }
}

/**
 * Usage units from each row to the end of the part: by time on a grid, by the usage count in steps. In steps the device
 * ends at its last reading. Null where a reset of the count hides the distance.
 */
function remaining(
  type: AssetType,
  segments: readonly Segment[],
  { until }: LifePart,
): (Float64Array | null)[] {
  const { perSlot } = type.usage
  if (type.window.by === 'grid')
    return segments.map(({ times }) =>
      times.map((time) => Math.max(0, ((until - time) / type.cadenceMs) * perSlot)),
    )
  const last = segments.at(-1)?.slots.at(-1) ?? Number.NaN
  if (Number.isNaN(last)) {
    // Readings that tell no usage follow each other, so there is no gap to bridge.
    const only = segments.length === 1 ? segments[0]! : null
    return segments.map(() =>
      only ? only.times.map((_, row) => (only.times.length - 1 - row) * perSlot) : null,
    )
  }
  return segments.map(({ slots }) =>
    slots.every((slot) => slot <= last) ? slots.map((slot) => (last - slot) * perSlot) : null,
  )
}

/**
 * Lives whose remaining life came with the readings: it falls to the failure; where it rises, or no failure is in sight
 * any more, another life begins.
 */
function toldLives(type: AssetType, series: DeviceSeries, needed: readonly number[]): [LifeEnd, Cut[]][] {
  const told = series.rul!
  const lives: [LifeEnd, Cut[]][] = []
  for (let from = 0, row = 1; row <= told.length; row++) {
    const before = told[row - 1]!
    const goes = row < told.length && (Number.isNaN(before) ? Number.isNaN(told[row]!) : told[row]! <= before)
    if (goes) continue
    const failing = !Number.isNaN(before)
    const segments = segmentsOf(type, sliceSeries(series, from, row), needed)
    const cuts = segments.map((s) => cut(type, s, s.times.length, failing ? s.rul : null))
    lives.push([failing ? 'failed' : 'running', cuts])
    from = row
  }
  return lives
}
