/** Width of a bin of the sum of cubes. */
const step = 0.25
/** Room above the expected sum: one channel at 8.4 deviations. */
const room = 600
/** E|u|^3 of a standard normal deviate, 2 sqrt(2 / pi). */
const meanCube = 2 * Math.sqrt(2 / Math.PI)

/** Sum of |u|^3 over channels: between the sum of squares (many small deviations) and the largest one alone. */
export function sumOfCubes(scores: ArrayLike<number>): number {
  let sum = 0
  for (let c = 0; c < scores.length; c++) sum += Math.abs(scores[c]!) ** 3
  return sum
}

/**
 * P(sum of |u|^3 >= s) for independent standard normal u of so many channels: how rare a healthy machine deviates like
 * this. Worked out once by convolving the density bin by bin, linear in its logarithm between bins, and going on as
 * it ends beyond them. Falls with s; 1 at 0.
 */
export function tailOfCubes(channels: number): (sum: number) => number {
  const bins = Math.ceil((channels * meanCube + room) / step)
  const logTail = logSurvival(power(singleChannel(bins), channels))
  const last = bins - 1
  const slope = logTail[last]! - logTail[last - 1]!
  return (sum) => {
    // Bin b holds what is rounded to it, so its tail is that of (b - 1/2) steps; at 0 the tail is 1.
    const place = Math.min(2 * (sum / step), sum / step + 0.5)
    const low = Math.min(Math.floor(place), last)
    const rise = low < last ? logTail[low + 1]! - logTail[low]! : slope
    return Math.exp(logTail[low]! + (place - low) * rise)
  }
}

/** Probability that |u|^3, rounded to bins, falls into each. */
function singleChannel(bins: number): Float64Array {
  const edge = (bin: number) => Math.cbrt(Math.max(0, (bin - 0.5) * step))
  return Float64Array.from({ length: bins }, (_, bin) => 2 * densityBetween(edge(bin), edge(bin + 1)))
}

/** Integral of the normal density by Simpson's rule on eight strips. */
function densityBetween(low: number, high: number): number {
  const strips = 8
  const width = (high - low) / strips
  let sum = 0
  for (let i = 0; i <= strips; i++) {
    const x = low + i * width
    sum += (i === 0 || i === strips ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp((-x * x) / 2)
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}

/** The distribution of the sum of `count` such numbers, by repeated squaring. */
function power(one: Float64Array, count: number): Float64Array {
  if (count === 1) return one
  const half = power(one, count >> 1)
  const even = convolve(half, half)
  return count % 2 === 0 ? even : convolve(even, one)
}

/** What falls beyond the last bin is left out; the bins reach far enough for it not to count. */
function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) {
    const share = a[i]!
    if (share < 1e-300) continue
    for (let j = 0; j < a.length - i; j++) sum[i + j]! += share * b[j]!
  }
  return sum
}

/** Log of the probability of at least each bin; summed from the rare end, so that small ones stay exact. */
function logSurvival(mass: Float64Array): Float64Array {
  const log = new Float64Array(mass.length)
  let tail = 0
  for (let bin = mass.length - 1; bin >= 0; bin--) {
    tail += mass[bin]!
    log[bin] = Math.min(0, Math.log(tail))
  }
  return log
}
