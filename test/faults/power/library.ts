import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe } from 'vitest'

const source = fileURLToPath(new URL('./powercut.c', import.meta.url))

/** The system's C compiler; undefined where there is none, or no LD_PRELOAD. With CI=true it must be there. */
function findCompiler(): string | undefined {
  if (process.platform !== 'linux') return undefined
  const found = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)
  if (!found && process.env.CI === 'true')
    throw new Error('a C compiler is missing (apt-get install gcc libc6-dev)')
  return found
}

const compiler = findCompiler()

/** A suite about power cuts, given the built library; told as skipped, with the reason, where the library cannot be built. */
export function describePower(name: string, suite: (library: string) => void): void {
  const title = compiler ? name : `${name} (needs Linux and a C compiler: apt-get install gcc libc6-dev)`
  describe.runIf(compiler)(title, () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-powercut-'))
    const library = join(folder, 'powercut.so')
    beforeAll(() => build(library))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    suite(library)
  })
}

function build(library: string): void {
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC']
  execFileSync(compiler!, [...flags, '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' })
}
