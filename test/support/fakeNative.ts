import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The tfjs-core that ours is, as a package beside it would find it. */
const core = JSON.stringify(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'))

/** What such a package does when it is loaded, well or badly. Its kernels are the plain ones under its own name. */
const bodies = {
  sound: `const tf = require(${core})
    tf.registerBackend('tensorflow', () => tf.findBackendFactory('cpu')(), 3)
    tf.copyRegisteredKernels('cpu', 'tensorflow')`,
  'without its library': `throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found\\nat: lib/napi-v8')`,
  'with a core of its own': '',
  'on a Node that is too new': `const tf = require(${core})
    tf.registerBackend('tensorflow', () => tf.findBackendFactory('cpu')(), 3)
    const kernelFunc = () => { throw new TypeError('(0 , util_1.isNullOrUndefined) is not a function') }
    tf.registerKernel({ kernelName: 'BatchMatMul', backendName: 'tensorflow', kernelFunc })
    tf.registerKernel({ kernelName: 'Reshape', backendName: 'tensorflow', kernelFunc })`,
  'that computes nonsense': `const tf = require(${core})
    tf.registerBackend('tensorflow', () => tf.findBackendFactory('cpu')(), 3)
    for (const kernel of tf.getKernelsForBackend('cpu')) {
      const kernelFunc = kernel.kernelName === 'BatchMatMul'
        ? ({ backend }) => backend.makeTensorInfo([1, 1], 'float32', Float32Array.of(12))
        : kernel.kernelFunc
      tf.registerKernel({ ...kernel, backendName: 'tensorflow', kernelFunc })
    }`,
} as const

export type Fake = keyof typeof bodies
export const badFakes = (Object.keys(bodies) as Fake[]).filter((one) => one !== 'sound')

/** A folder of modules with such a @tensorflow/tfjs-node in it, for NODE_PATH or a `require` of its own. */
export async function fakeNative(kind: Fake): Promise<string> {
  const modules = join(await mkdtemp(join(tmpdir(), 'forewarn-tfjs-')), 'node_modules')
  const folder = join(modules, '@tensorflow', 'tfjs-node')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"name": "@tensorflow/tfjs-node", "main": "index.js"}')
  await writeFile(
    join(folder, 'index.js'),
    `${bodies[kind]}\nexports.version = { 'tfjs-node': '4.22.0-fake' }`,
  )
  return modules
}
