import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { type Fake, fakeNative } from '../../test/support/fakeNative.ts'
import type { Finding } from '../finding.ts'
import { examineBackend } from './backend.ts'

const run = promisify(execFile)

/** The finding in a process whose modules are looked for in a folder with such a package, too. */
async function foundWith(kind: Fake): Promise<Finding> {
  const modules = await fakeNative(kind)
  const url = JSON.stringify(new URL('./backend.ts', import.meta.url).href)
  const code = `const { examineBackend } = await import(${url})
    console.log(JSON.stringify(await examineBackend('auto')))`
  const args = ['--import', 'tsx', '--input-type=module', '-e', code]
  try {
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_PATH: modules } })
    return JSON.parse(stdout) as Finding
  } finally {
    await rm(dirname(modules), { recursive: true })
  }
}

it('says that WebAssembly runs, and why', async () => {
  expect(await examineBackend('auto')).toEqual({
    what: 'TensorFlow.js',
    level: 'ok',
    detail: 'WebAssembly with SIMD: @tensorflow/tfjs-node is not installed',
  })
})

it('says that the native library runs where it is installed', async () => {
  expect(await foundWith('sound')).toEqual({
    what: 'TensorFlow.js',
    level: 'ok',
    detail: 'native (tfjs-node): @tensorflow/tfjs-node 4.22.0-fake is installed',
  })
})

it('warns of a broken one, names what is broken and what to do', async () => {
  expect(await foundWith('without its library')).toMatchObject({
    level: 'warning',
    detail: expect.stringMatching(/^WebAssembly with SIMD: .*tfjs_binding\.node/),
    remedy: expect.stringContaining('4.22.0'),
  })
})

it('finds a problem where the one that was asked for cannot be had', async () => {
  expect(await examineBackend('node')).toMatchObject({
    level: 'problem',
    detail: expect.stringContaining('models.backend'),
  })
})
