import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import type { Config } from '../core/config.ts'
import { ForewarnError } from '../core/errors.ts'
import { type NativeOutcome, nativePackage, openNative } from './backends/native.ts'
import { hasSimd, openWasm } from './backends/wasm.ts'

/** What runs the numbers; name and simd are kept with every score's evidence. */
export interface Backend {
  readonly name: Exclude<BackendChoice, 'auto'>
  /** Whether WebAssembly computes several numbers at once; false elsewhere. */
  readonly simd: boolean
  /** Why it is this one, as a person reads it. */
  readonly why: string
  /** What is wrong with a faster one that somebody installed. */
  readonly problem?: string
}

/** `models.backend` of the configuration. */
export type BackendChoice = Config['models']['backend']

/** Ways to start the backends, for tests to replace. */
export interface BackendOpeners {
  readonly native: () => Promise<NativeOutcome>
  readonly wasm: () => Promise<boolean>
}

const openers: BackendOpeners = { native: () => openNative(), wasm: openWasm }

let opened: Promise<Backend> | undefined

/**
 * Opens the TF.js backend once per thread; the first caller chooses. Throws CONFIG_INVALID where the one that was asked
 * for by name cannot be had; `auto` always finds one.
 */
export function openBackend(wanted: BackendChoice = 'auto'): Promise<Backend> {
  opened ??= chooseBackend(wanted)
  return opened
}

/** Native, then WebAssembly, then plain JavaScript: the first that works. Throws as `openBackend`. */
export async function chooseBackend(wanted: BackendChoice, ways = openers): Promise<Backend> {
  const backend = await first(wanted, ways)
  await tf.ready()
  return backend
}

async function first(wanted: BackendChoice, ways: BackendOpeners): Promise<Backend> {
  const asked = { why: `models.backend is ${wanted}`, simd: false }
  if (wanted === 'cpu') return plain(asked.why)
  if (wanted === 'wasm') {
    if (await ways.wasm()) return { ...asked, name: 'wasm', simd: hasSimd() }
    throw cannot('wasm', 'WebAssembly does not start here')
  }
  const native = await ways.native()
  if (native.state === 'ready')
    return { name: 'node', simd: false, why: `${nativePackage} ${native.version} is installed` }
  if (wanted === 'node') throw cannot('node', reasonOf(native))
  const rest = native.state === 'broken' ? { problem: reasonOf(native) } : {}
  const why = reasonOf(native)
  if (await ways.wasm()) return { name: 'wasm', simd: hasSimd(), why, ...rest }
  return { ...(await plain(`${why}, and WebAssembly does not start here`)), ...rest }
}

async function plain(why: string): Promise<Backend> {
  await tf.setBackend('cpu')
  return { name: 'cpu', simd: false, why }
}

const reasonOf = (native: Exclude<NativeOutcome, { state: 'ready' }>): string =>
  native.state === 'absent'
    ? `${nativePackage} is not installed`
    : `${nativePackage} is installed, but does not work: ${native.problem}`

const cannot = (name: string, problem: string) =>
  new ForewarnError('CONFIG_INVALID', {
    path: 'models.backend',
    problem: `${name} cannot be used: ${problem}`,
    source: 'forewarn.yaml or the environment',
  })
