/**
 * Seeded randomness, passed in as a value. One seed names a whole simulation; every part of it draws from a stream of
 * its own (`createRandom('42/pump-03/noise')`), so that a fault in one pump changes no other number.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Uniform integer in [0, count). */
  below(count: number): number
  chance(probability: number): boolean
  normal(mean?: number, deviation?: number): number
  /** Exponentially distributed with this mean. */
  exponential(mean: number): number
  pick<T>(from: readonly T[]): T
}

/** sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state: small, fast, and the same on every machine. */
export function createRandom(seed: string | number): Random {
  let [a, b, c] = seedWords(String(seed))
  let counter = 1

  const next = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  // The first rounds still resemble the seed.
  for (let round = 0; round < 15; round++) next()

  const normal = standardNormal(next)
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    normal: (mean = 0, deviation = 1) => mean + deviation * normal(),
    exponential: (mean) => -mean * Math.log(1 - next()),
    pick: (from) => from[below(from.length)]!,
  }
}

/** Marsaglia's polar method (1964): two independent normal values from a point in the unit disc. */
function standardNormal(next: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * next() - 1
      const y = 2 * next() - 1
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }
}

/** Three words from a text: FNV-1a over its UTF-16 units, with a different offset for each word. */
function seedWords(text: string): [number, number, number] {
  const word = (offset: number) => {
    let hash = 0x811c9dc5 ^ offset
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    return hash | 0
  }
  return [word(0), word(0x9e3779b9), word(0x7f4a7c15)]
}
