import { seededRandom } from '../training/random.ts'

/** Standard normal noise from a seed (Box and Muller), for tests. */
export function noise(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
