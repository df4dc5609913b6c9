import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/** Makes WebAssembly TensorFlow.js's backend; false where it cannot start. */
export async function openWasm(): Promise<boolean> {
  // One thread: models are small, and TF.js's own pool would outlive us and keep the process from ending.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  setThreadsCount(1)
  setWasmPaths(wasmFolder())
  return withoutNewProcessHooks(() => tf.setBackend('wasm'))
}

export const hasSimd = (): boolean => tf.env().getBool('WASM_HAS_SIMD_SUPPORT')

/** The package's own folder holds the `.wasm` files; TF.js cannot find them in Node by itself. */
function wasmFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  return join(dirname(entry), '/')
}

/**
 * The WebAssembly module hooks `uncaughtException` and `unhandledRejection` and throws from there, which would
 * take the process's own error handling away: its hooks are removed again.
 */
async function withoutNewProcessHooks<T>(work: () => Promise<T>): Promise<T> {
  const before = new Set([
    ...process.listeners('uncaughtException'),
    ...process.listeners('unhandledRejection'),
  ])
  const result = await work()
  for (const hook of process.listeners('uncaughtException'))
    if (!before.has(hook)) process.off('uncaughtException', hook)
  for (const hook of process.listeners('unhandledRejection'))
    if (!before.has(hook)) process.off('unhandledRejection', hook)
  return result
}
