import { createHash } from 'node:crypto'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** All weights of all members, one after the other, little-endian Float32. */
export function packWeights(members: readonly LayersModel[]): Uint8Array {
  const numbers = members.flatMap((member) => member.getWeights().flatMap((w) => [...w.dataSync()]))
  const bytes = new Uint8Array(numbers.length * 4)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, i) => {
    view.setFloat32(i * 4, number, true)
  })
  return bytes
}

/** Numbers that members of this architecture hold. */
export const weightCount = (members: readonly LayersModel[]): number =>
  members.reduce((sum, member) => sum + member.countParams(), 0)

/** Fills freshly built members; `bytes` must hold exactly their weights. */
export function unpackWeights(members: readonly LayersModel[], bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let place = 0
  const next = (count: number) => {
    const numbers = Float32Array.from({ length: count }, (_, i) => view.getFloat32((place + i) * 4, true))
    place += count
    return numbers
  }
  for (const member of members) {
    const weights = member.getWeights().map((w) => tf.tensor(next(w.size), w.shape))
    member.setWeights(weights)
    tf.dispose(weights)
  }
}
