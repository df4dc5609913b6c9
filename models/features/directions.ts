/** Sums of a row's inputs, one a direction; the result is only read until the next row. */
export function compileDirections(
  directions: readonly (readonly number[])[],
): (inputs: Float64Array) => Float64Array {
  const weights = Float64Array.from(directions.flat())
  const sums = new Float64Array(directions.length)
  return (inputs) => {
    for (let d = 0, w = 0; d < sums.length; d++) {
      let sum = 0
      for (let i = 0; i < inputs.length; i++) sum += weights[w++]! * inputs[i]!
      sums[d] = sum
    }
    return sums
  }
}
