import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lockFile } from './lockFile.ts'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-lock-'))
  lock = join(folder, 'forewarn.pid')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Ends when the test's process ends: a process id that nobody has. */
const nobody = 2 ** 22 + 1
const touchedBefore = (ms: number) => {
  const at = new Date(Date.now() - ms)
  utimesSync(lock, at, at)
}

describe('a lock', () => {
  it('is given back', () => {
    const release = lockFile(folder, lock)
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    release()
    expect(() => readFileSync(lock)).toThrow('ENOENT')
  })

  it('of a running process of this machine is respected, however old it is', () => {
    writeFileSync(lock, `${process.ppid} here\n`)
    touchedBefore(3_600_000)
    expect(() => lockFile(folder, lock, 'here')).toThrow(`in use by process ${process.ppid}`)
  })

  it('of a process that is gone is taken over at once', () => {
    writeFileSync(lock, `${nobody} here\n`)
    lockFile(folder, lock, 'here')()
  })

  it('of another container is respected while it is touched, though its process id is ours', () => {
    writeFileSync(lock, `${process.pid} 0a1b2c\n`)
    expect(() => lockFile(folder, lock, 'here')).toThrow(`in use by process ${process.pid} on 0a1b2c`)
  })

  it('of another container that has not touched it for long is taken over', () => {
    writeFileSync(lock, '1 0a1b2c\n')
    touchedBefore(31_000)
    lockFile(folder, lock, 'here')()
  })

  it('is touched while it is held', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const release = lockFile(folder, lock)
    touchedBefore(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(statSync(lock).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
    release()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('of an older version is of this machine', () => {
    writeFileSync(lock, String(process.ppid))
    expect(() => lockFile(folder, lock)).toThrow(`in use by process ${process.ppid}`)
  })
})
