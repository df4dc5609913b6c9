import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badFakes, type Fake, fakeNative } from '../test/support/fakeNative.ts'
import { type Backend, chooseBackend } from './backend.ts'
import { type NativeOutcome, openNative } from './backends/native.ts'
import { openWasm } from './backends/wasm.ts'

const made: string[] = []
const fake = async (kind: Fake) => {
  const modules = await fakeNative(kind)
  made.push(dirname(modules))
  return modules
}
const open = async (kind: Fake) => openNative(createRequire(join(await fake(kind), 'here.js')))

beforeEach(() => tf.setBackend('cpu'))
afterEach(async () => {
  await tf.setBackend('cpu')
  for (const { kernelName } of tf.getKernelsForBackend('tensorflow'))
    tf.unregisterKernel(kernelName, 'tensorflow')
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow')
})
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true }))))

describe('the native library', () => {
  it('is absent where nobody installed it', async () => {
    expect(await openNative()).toEqual({ state: 'absent' })
  })

  it('is used where it computes', async () => {
    expect(await open('sound')).toEqual({ state: 'ready', version: '4.22.0-fake' })
    expect(tf.getBackend()).toBe('tensorflow')
  })

  it.each([
    ['without its library', 'The Node.js native addon module (tfjs_binding.node) can not be found'],
    ['with a core of its own', `install version ${tf.version_core}`],
    ['on a Node that is too new', 'isNullOrUndefined) is not a function'],
    ['that computes nonsense', 'it computed 1*3 + 2*4 as 12'],
  ] as const)('%s is broken, and says why', async (kind, problem) => {
    const before = tf.memory().numTensors
    const outcome = await open(kind)
    expect(outcome).toMatchObject({ state: 'broken', problem: expect.stringContaining(problem) })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has a case for every fake', () => {
    expect(badFakes).toHaveLength(4)
  })

  it('runs in a worker thread', async () => {
    const answer = await inWorker(await fake('sound'))
    expect(answer).toEqual({ name: 'node', simd: false, why: expect.stringContaining('4.22.0-fake') })
  })
})

/** What `openBackend` finds in a thread of its own whose modules are looked for in `modules`, too. */
async function inWorker(modules: string): Promise<Backend> {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const backend = JSON.stringify(new URL('./backend.ts', import.meta.url).href)
  const code = `import { register } from ${tsx}; register()
    const { openBackend } = await import(${backend})
    const { parentPort } = await import('node:worker_threads')
    parentPort.postMessage(await openBackend())`
  process.env.NODE_PATH = modules
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
  try {
    return await new Promise<Backend>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    )
  } finally {
    delete process.env.NODE_PATH
    await worker.terminate()
  }
}

describe('the choice', () => {
  const absent: NativeOutcome = { state: 'absent' }
  const broken: NativeOutcome = { state: 'broken', problem: 'libtensorflow.so.2 is missing' }
  const ready: NativeOutcome = { state: 'ready', version: '4.22.0' }
  const ways = (native: NativeOutcome, wasm = openWasm) => ({ native: async () => native, wasm })
  const noWasm = async () => false

  it('is native where that works', async () => {
    expect(await chooseBackend('auto', ways(ready))).toMatchObject({ name: 'node' })
    expect(await chooseBackend('node', ways(ready))).toMatchObject({ name: 'node' })
  })

  it('is WebAssembly where nobody installed the native one, which is no problem', async () => {
    const backend = await chooseBackend('auto', ways(absent))
    expect(backend).toEqual({ name: 'wasm', simd: true, why: '@tensorflow/tfjs-node is not installed' })
    expect(tf.getBackend()).toBe('wasm')
  })

  it('is WebAssembly where the native one is broken, which is named', async () => {
    const backend = await chooseBackend('auto', ways(broken))
    expect(backend).toMatchObject({
      name: 'wasm',
      problem: expect.stringContaining('libtensorflow.so.2 is missing'),
    })
  })

  it('is plain JavaScript where nothing else starts', async () => {
    const backend = await chooseBackend('auto', ways(broken, noWasm))
    expect(backend).toMatchObject({
      name: 'cpu',
      simd: false,
      problem: expect.stringContaining('libtensorflow'),
    })
    expect(tf.getBackend()).toBe('cpu')
  })

  it('can be forced', async () => {
    expect(await chooseBackend('wasm', ways(ready))).toMatchObject({ name: 'wasm' })
    expect(await chooseBackend('cpu', ways(ready))).toMatchObject({ name: 'cpu' })
  })

  it.each([
    ['node', absent, 'is not installed'],
    ['node', broken, 'libtensorflow.so.2 is missing'],
    ['wasm', ready, 'WebAssembly does not start'],
  ] as const)('that is forced to %s and cannot be had is refused', async (wanted, native, reason) => {
    await expect(chooseBackend(wanted, ways(native, noWasm))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(reason),
    })
  })
})
