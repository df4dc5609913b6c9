import { describe, expect, it } from 'vitest'
import { type Inlet, measured } from './ackLatency.ts'

const payload = new Uint8Array()

/** An intake whose answers take as long as the test says, on a clock of the test's. */
function world() {
  let now = 0
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  const keep = () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
  const intake: Inlet = { message: keep, oversized: keep }
  const inlet = measured(intake, () => now)
  return {
    inlet,
    pass: (ms: number) => {
      now += ms
    },
    /** A message that is acknowledged after so long. */
    async take(ms: number, oversized = false) {
      const kept = oversized ? inlet.oversized('t', 9, payload) : inlet.message('t', payload)
      now += ms
      waiting.pop()!.resolve()
      await kept
    },
    async refuse() {
      const kept = inlet.message('t', payload)
      waiting.pop()!.reject(new Error('full'))
      await kept
    },
  }
}

describe('measured', () => {
  it('gives the quantiles of what was acknowledged, to about a tenth', async () => {
    const { inlet, take } = world()
    expect(inlet.latency.quantiles()).toEqual({ p50: null, p99: null })
    for (let i = 0; i < 98; i++) await take(2)
    await take(40, true)
    await take(40)
    const { p50, p99 } = inlet.latency.quantiles()
    expect(Math.abs(p50! - 2)).toBeLessThan(0.2)
    expect(Math.abs(p99! - 40)).toBeLessThan(4)
  })

  it('hands a refusal on and does not measure it', async () => {
    const { inlet, refuse } = world()
    await expect(refuse()).rejects.toThrow('full')
    expect(inlet.latency.quantiles().p50).toBeNull()
  })

  it('remembers ten seconds whole, and forgets after fourteen', async () => {
    const { inlet, take, pass } = world()
    pass(1_999)
    await take(1)
    pass(10_000)
    expect(inlet.latency.quantiles().p50).not.toBeNull()
    pass(4_000)
    expect(inlet.latency.quantiles().p50).toBeNull()
  })

  it('uses a slot again without the counts of its former stretch of time', async () => {
    const { inlet, take, pass } = world()
    for (let i = 0; i < 3; i++) await take(1_000)
    pass(14_000)
    await take(1)
    expect(inlet.latency.quantiles().p99!).toBeLessThan(1.2)
  })

  it('counts what took longer than it can tell apart as the longest', async () => {
    const { inlet, take } = world()
    await take(1e9)
    expect(inlet.latency.quantiles().p50!).toBeGreaterThan(100_000)
  })
})
