#!/usr/bin/env node
// `npm test` on every line of Node.js that is supported, one after the other, and a sum at the end. A version that is not
// the one at hand comes from the npm registry, as the package `node`.
import { spawn, spawnSync } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const supported = ['20', '22', '24']
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const help = `npm run test:nodes -- [version ...] [argument of vitest ...]

Runs npm test on Node.js ${supported.join(', ')}, or on the versions named (22, 24.1, 24.1.0), and sums up.`

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(help)
  process.exit(0)
}
const isVersion = (arg) => /^\d+(\.\d+){0,2}$/.test(arg)
const named = args.filter(isVersion)
const rest = args.filter((arg) => !isVersion(arg))

const results = []
for (const version of named.length > 0 ? named : supported) results.push(await test(version))
console.log(`\n${results.map(({ line }) => line).join('\n')}`)
process.exit(results.every(({ passed }) => passed) ? 0 : 1)

async function test(version) {
  const node = find(version)
  if (!node) return { passed: false, line: `Node.js ${version}: not to be had from the npm registry` }
  console.error(`\n--- Node.js ${node.version} ---`)
  const begin = Date.now()
  const { code, counts } = await run(node.path)
  const seconds = Math.round((Date.now() - begin) / 1000)
  const passed = code === 0 && counts !== undefined
  const verdict = passed ? 'ok' : `failed (ended with ${code})`
  return {
    passed,
    line: `Node.js ${node.version}: ${verdict}, ${counts ?? 'no test ran to its end'}, ${seconds} s`,
  }
}

/** This one where its version begins so. */
function find(version) {
  if (`${process.versions.node}.`.startsWith(`${version}.`))
    return { path: process.execPath, version: process.versions.node }
  const ask = 'console.log(JSON.stringify({ path: process.execPath, version: process.versions.node }))'
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const asked = spawnSync(npx, ['--yes', '-p', `node@${version}`, 'node', '-e', ask], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return asked.status === 0 ? JSON.parse(asked.stdout.trim().split('\n').at(-1)) : undefined
}

/** Shows everything, and keeps the closing line that test/closingLine.ts prints. */
function run(path) {
  const child = spawn(path, [join(root, 'scripts', 'run.mjs'), 'test', ...rest], {
    cwd: root,
    env: { ...process.env, PATH: `${dirname(path)}${delimiter}${process.env.PATH}` },
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  let end = ''
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    end = (end + chunk).slice(-2000)
  })
  return new Promise((resolve) => {
    child.once('close', (code) =>
      resolve({ code, counts: end.match(/\d+ passed, \d+ failed, \d+ skipped/g)?.at(-1) }),
    )
  })
}
