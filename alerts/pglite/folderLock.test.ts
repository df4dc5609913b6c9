import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFolder } from './folderLock.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
  file = path.join(folder, 'pglite.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

it('is held once, names its process, and is given back', () => {
  const unlock = lockFolder(file)
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  expect(() => lockFolder(file)).toThrow(
    expect.objectContaining({ code: 'DATA_FOLDER_LOCKED', details: { folder, pid: process.pid } }),
  )
  unlock()
  expect(readdirSync(folder)).toEqual([])
  lockFolder(file)()
})

it('is refused while another process lives', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
  try {
    writeFileSync(file, `${child.pid}\n`)
    expect(() => lockFolder(file)).toThrow(`in use by process ${child.pid}`)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  lockFolder(file)()
})

it('is taken over from a process that is gone', async () => {
  writeFileSync(file, `${await endedProcess()} 123\n`)
  const unlock = lockFolder(file)
  expect(readdirSync(folder)).toEqual(['pglite.lock'])
  unlock()
})

it('is taken over from a former process with the same pid, as containers have it', () => {
  writeFileSync(file, `${process.pid} 1\n`)
  lockFolder(file)()
})

it.runIf(process.platform === 'linux')('is not fooled by a pid that somebody else has by now', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
  writeFileSync(file, `${child.pid} 1\n`)
  lockFolder(file)()
  child.kill('SIGKILL')
  await once(child, 'exit')
})

it('is taken over when nothing readable stands in it', () => {
  writeFileSync(file, '')
  lockFolder(file)()
})

it('says what the file system says', () => {
  expect(() => lockFolder(path.join(folder, 'missing', 'pglite.lock'))).toThrow('ENOENT')
})
