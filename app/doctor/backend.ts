import type { BackendChoice } from '../../models/backend.ts'
import { type Finding, problem } from '../finding.ts'

const what = 'TensorFlow.js'
const words = { node: 'native (tfjs-node)', wasm: 'WebAssembly', cpu: 'plain JavaScript, slow' } as const

/** Which backend would run the models here, and why that one. */
export async function examineBackend(wanted: BackendChoice): Promise<Finding> {
  // the engines are loaded when they are looked at, not with the command
  const { chooseBackend } = await import('../../models/backend.ts')
  try {
    const backend = await chooseBackend(wanted)
    const detail = `${words[backend.name]}${backend.simd ? ' with SIMD' : ''}: ${backend.why}`
    if (backend.problem === undefined)
      return { what, level: backend.name === 'cpu' ? 'warning' : 'ok', detail }
    const remedy =
      'Install @tensorflow/tfjs-node 4.22.0 anew (Node.js 20 or 22), remove it, or set models.backend to wasm.'
    return { what, level: 'warning', detail, remedy }
  } catch (error) {
    return problem(what, error)
  }
}
