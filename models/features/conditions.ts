import type { Conditions } from './spec.ts'

/** Settings closer together than this share of their range are one condition, farther apart another. */
const reach = 0.08
/** A condition's settings scatter less than this share of their range, or they are no discrete conditions. */
const tight = 0.04
/** More than so many are no discrete conditions but a range. */
const most = 12
/** Conditions that explain less of every sensor's variance than this are none. */
const leastExplained = 0.1
/** Fewer healthy rows say nothing of a sensor's spread. */
const fewest = 20

/**
 * Finds discrete operating conditions in healthy rows and what each sensor reads in them. `settings[i]` and `sensors[i]`
 * are the values of row i. Null where the settings do not move, or move over a range.
 */
export function fitConditions(
  names: readonly string[],
  settings: readonly Float64Array[],
  sensors: readonly Float64Array[],
): Conditions | null {
  const ranges = names.map((_, s) => rangeOf(settings, s))
  const moving = names.map((_, s) => s).filter((s) => ranges[s]! > 0)
  if (moving.length === 0) return null
  const scale = moving.map((s) => ranges[s]!)
  const points = settings.map((row) => moving.map((s, i) => row[s]! / scale[i]!))
  const groups = group(points)
  if (!groups || groups.length < 2 || groups.some((rows) => rows.length < fewest)) return null
  const centres = groups.map((rows) => meanOf(rows.map((row) => points[row]!)))
  if (groups.some((rows, g) => rows.some((row) => distance(points[row]!, centres[g]!) > tight))) return null
  const readings = groups.map((rows) => rows.map((row) => sensors[row]!))
  const mean = readings.map(meanOf)
  if (explained(sensors, readings, mean) < leastExplained) return null
  return {
    kind: 'conditions',
    settings: moving.map((s) => names[s]!),
    scale,
    centres: centres.map((centre) => centre.map((x, i) => x * scale[i]!)),
    mean,
    spread: readings.map((rows, g) => spreadOf(rows, mean[g]!)),
  }
}

/** Takes what a healthy machine would read in a row's condition out of every input. */
export function compileConditions(
  { settings, scale, centres, mean, spread }: Conditions,
  channels: readonly string[],
): (values: Float32Array, start: number, inputs: Float64Array) => void {
  const columns = settings.map((name) => channels.indexOf(name))
  return (values, start, inputs) => {
    let nearest = 0
    let least = Number.POSITIVE_INFINITY
    for (let c = 0; c < centres.length; c++) {
      let away = 0
      for (let s = 0; s < columns.length; s++)
        away += ((values[start + columns[s]!]! - centres[c]![s]!) / scale[s]!) ** 2
      if (away < least) [least, nearest] = [away, c]
    }
    const [centre, width] = [mean[nearest]!, spread[nearest]!]
    for (let i = 0; i < inputs.length; i++) inputs[i] = (inputs[i]! - centre[i]!) / width[i]!
  }
}

/** The largest share of a sensor's variance that lies between the conditions and not within them. */
function explained(
  sensors: readonly Float64Array[],
  readings: readonly (readonly Float64Array[])[],
  mean: readonly (readonly number[])[],
): number {
  const whole = squares(sensors, meanOf(sensors))
  const within = readings.map((rows, g) => squares(rows, mean[g]!))
  const shares = whole.map((total, i) =>
    total > 0 ? 1 - within.reduce((sum, part) => sum + part[i]!, 0) / total : 0,
  )
  return Math.max(...shares)
}

/** Sum of squared distances from the centre, by column. */
const squares = (rows: readonly ArrayLike<number>[], centre: readonly number[]): number[] =>
  centre.map((middle, i) => rows.reduce((sum, row) => sum + (row[i]! - middle) ** 2, 0))

/** Rows by the first of the points before them that lies within reach; undefined where that makes too many groups. */
function group(points: readonly (readonly number[])[]): number[][] | undefined {
  const leaders: (readonly number[])[] = []
  const groups: number[][] = []
  for (const [row, point] of points.entries()) {
    const known = leaders.findIndex((leader) => distance(leader, point) < reach)
    if (known >= 0) {
      groups[known]!.push(row)
      continue
    }
    if (leaders.length === most) return undefined
    leaders.push(point)
    groups.push([row])
  }
  return groups
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0))

function rangeOf(rows: readonly ArrayLike<number>[], column: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const row of rows) [low, high] = [Math.min(low, row[column]!), Math.max(high, row[column]!)]
  return rows.length > 0 ? high - low : 0
}

const meanOf = (rows: readonly ArrayLike<number>[]): number[] =>
  Array.from(rows[0]!, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)

/** Standard deviation of each column; 1 where it does not move. */
const spreadOf = (rows: readonly ArrayLike<number>[], mean: readonly number[]): number[] =>
  squares(rows, mean).map((sum, i) => {
    const spread = Math.sqrt(sum / rows.length)
    return spread > 1e-6 * Math.max(1, Math.abs(mean[i]!)) ? spread : 1
  })
