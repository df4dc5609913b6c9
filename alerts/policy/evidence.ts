import { createHash } from 'node:crypto'
import type { Evidence } from '../../core/score.ts'
import type { Prediction } from '../../core/ticket.ts'

/*
 * The evidence window on its way through the queue: base64 of little-endian Float32 values, row by row. DataView
 * instead of the arrays' own byte order, so that a ticket reads the same on every machine.
 */

/** `rows` x `channels` values as base64. */
export const encodeWindow = (window: Float32Array): string => bytesOf(window).toString('base64')

function bytesOf(window: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(window.length * 4)
  for (let i = 0; i < window.length; i++) bytes.writeFloatLE(window[i]!, i * 4)
  return bytes
}

/** The values again, bit for bit. */
export function decodeWindow(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  const window = new Float32Array(Math.floor(bytes.length / 4))
  for (let i = 0; i < window.length; i++) window[i] = bytes.readFloatLE(i * 4)
  return window
}

/** The hash is made here, for the few windows that a ticket keeps, and not with every score. */
export function packEvidence(evidence: Evidence): Prediction['evidence'] {
  const bytes = bytesOf(evidence.window)
  return {
    ...evidence,
    window: bytes.toString('base64'),
    times: [...evidence.times],
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}
