import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import { messageOf } from '../../core/errors.ts'

/** An optional peer dependency: its installation downloads a native library, which not every plant allows. */
export const nativePackage = '@tensorflow/tfjs-node'
/** The name under which it registers itself with tfjs-core. */
const registeredAs = 'tensorflow'

/** `absent`: nobody installed it; `broken`: somebody did, and it does not work. */
export type NativeOutcome =
  | { readonly state: 'ready'; readonly version: string }
  | { readonly state: 'absent' }
  | { readonly state: 'broken'; readonly problem: string }

/**
 * Loads the native library and makes it TensorFlow.js's backend. Never throws: one that lacks its library, has a
 * tfjs-core of its own or cannot compute (tfjs-node 4.22 on Node 23 and later, or in a second worker thread of a
 * process) is `broken`. `require` finds the package; by default from here.
 */
export async function openNative(require = createRequire(import.meta.url)): Promise<NativeOutcome> {
  const entry = whereIs(require)
  if (entry === undefined) return { state: 'absent' }
  try {
    const loaded = require(entry) as { version?: { 'tfjs-node'?: string } }
    if (!tf.findBackendFactory(registeredAs)) throw new Error(otherCore())
    if (!(await tf.setBackend(registeredAs))) throw new Error('its backend does not start')
    await compute()
    return { state: 'ready', version: loaded.version?.['tfjs-node'] ?? 'of unknown version' }
  } catch (error) {
    return { state: 'broken', problem: firstLine(messageOf(error)) }
  }
}

function whereIs(require: NodeJS.Require): string | undefined {
  try {
    return require.resolve(nativePackage)
  } catch {
    return undefined
  }
}

/** It registers with the tfjs-core that it finds; another copy than ours never hears of it. */
const otherCore = () =>
  `it brought a tfjs-core of its own; install version ${tf.version_core}, the one of ours, beside it`

/** Loading proves little: what is missing shows at the first operation. */
async function compute(): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])))
  const [value] = await product.data()
  product.dispose()
  if (value !== 11) throw new Error(`it computed 1*3 + 2*4 as ${value}`)
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]!
