import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { createMemoryQueue } from '../../alerts/queue/memoryQueue.ts'
import { createPgliteQueue } from '../../alerts/queue/pgliteQueue.ts'
import { fresh, queueContract, queueSettings, until } from './queue.suite.ts'

queueContract('memory', async () => ({
  queue: createMemoryQueue(queueSettings),
  clear: async () => undefined,
}))

describe('on PGlite', () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
  const folder = path.join(parent, 'pglite')
  let pglite: Pglite
  beforeAll(async () => {
    pglite = await openPglite({ folder })
  })
  afterAll(async () => {
    await pglite.close()
    rmSync(parent, { recursive: true })
  })

  queueContract('BullMQ on PGlite', async () => ({
    queue: await createPgliteQueue(pglite.pool, queueSettings),
    clear: async () => void (await pglite.pool.query('DELETE FROM bullmq.job')),
  }))

  it('keeps what waits and what failed over a restart', async () => {
    const [failing, waiting] = [fresh(), fresh()]
    const first = await createPgliteQueue(pglite.pool, { attempts: 1, backoffMs: 1 })
    await first.add(failing)
    await first.process(async () => {
      throw new Error('broken')
    })
    await until('it has failed', async () => (await first.counts()).failed === 1)
    await first.close()
    const second = await createPgliteQueue(pglite.pool, queueSettings)
    await second.add(waiting)
    await second.close()
    await pglite.close()

    pglite = await openPglite({ folder })
    const third = await createPgliteQueue(pglite.pool, queueSettings)
    expect(await third.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 1 })
    expect(await third.failed()).toMatchObject([{ id: failing.id, error: 'broken' }])
    const handled: string[] = []
    await third.process(async ({ id }) => void handled.push(id))
    await until('it is handled', () => handled.length === 1)
    expect(handled).toEqual([waiting.id])
    await third.close()
  })

  it('hands over again what a killed process was handling, though the clock was set back since', async () => {
    const prediction = fresh()
    const queue = await createPgliteQueue(pglite.pool, queueSettings)
    await queue.add(prediction)
    await queue.close()
    await pglite.close()

    const place = (file: string) => JSON.stringify(new URL(`../../alerts/${file}`, import.meta.url).href)
    const program = `
      import { openPglite } from ${place('pglite/pglite.ts')}
      import { createPgliteQueue } from ${place('queue/pgliteQueue.ts')}
      const { pool } = await openPglite({ folder: ${JSON.stringify(folder)} })
      const queue = await createPgliteQueue(pool, { attempts: 3, backoffMs: 200 })
      await queue.process(async () => { console.log('handling'); await new Promise(() => {}) })`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', () => child.kill('SIGKILL'))
    await once(child, 'close')

    pglite = await openPglite({ folder })
    // as if the clock had been an hour ahead until then
    await pglite.pool.query('UPDATE bullmq.job SET locked_until_ms = locked_until_ms + 3600000')
    await pglite.pool.query(
      `UPDATE bullmq.meta SET value = (value::bigint + 3600000)::text WHERE field = 'stalled-check'`,
    )
    const again = await createPgliteQueue(pglite.pool, queueSettings)
    expect((await again.counts()).active).toBe(1)
    const handled: string[] = []
    await again.process(async ({ id }) => void handled.push(id))
    await until('it is handled', () => handled.length === 1, 30_000)
    expect(handled).toEqual([prediction.id])
    await again.close()
  }, 120_000)
})
