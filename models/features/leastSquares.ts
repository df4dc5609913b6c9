/**
 * Ridge regression by the normal equations: w = (X'X + penalty n I)^-1 X'y. The first column is taken for the constant
 * and not penalised.
 */
export function leastSquares(
  design: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  penalty: number,
): number[] {
  const size = design[0]!.length
  const gram = Array.from({ length: size }, () => new Float64Array(size + 1))
  design.forEach((row, i) => {
    for (let a = 0; a < size; a++) {
      const line = gram[a]!
      for (let b = 0; b < size; b++) line[b]! += row[a]! * row[b]!
      line[size]! += row[a]! * target[i]!
    }
  })
  for (let a = 1; a < size; a++) gram[a]![a]! += penalty * design.length
  return solve(gram)
}

/** Gaussian elimination with partial pivoting on the augmented matrix. A singular direction gets weight 0. */
function solve(rows: Float64Array[]): number[] {
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let r = column + 1; r < size; r++)
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const lead = rows[column]!
    if (Math.abs(lead[column]!) < 1e-12) continue
    for (let r = column + 1; r < size; r++) eliminate(rows[r]!, lead, column)
  }
  const weights = new Array<number>(size).fill(0)
  for (let a = size - 1; a >= 0; a--) {
    let rest = rows[a]![size]!
    for (let b = a + 1; b < size; b++) rest -= rows[a]![b]! * weights[b]!
    weights[a] = Math.abs(rows[a]![a]!) < 1e-12 ? 0 : rest / rows[a]![a]!
  }
  return weights
}

function eliminate(row: Float64Array, lead: Float64Array, column: number): void {
  const factor = row[column]! / lead[column]!
  for (let b = column; b < row.length; b++) row[b]! -= factor * lead[b]!
}
