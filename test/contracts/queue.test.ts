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
})
