import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { openTicketDatabase, type TicketDatabase } from '../../alerts/db/open.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { untilAccepted } from '../../app/untilAccepted.ts'
import { systemClock } from '../../core/clock.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { until } from '../support/forewarnProcess.ts'
import { describeService, type Service, startService } from './harness.ts'

describeService('postgres', 'a PostgreSQL that goes away under load', () => {
  let postgres: Service
  let database: TicketDatabase
  const warnings: string[] = []
  beforeAll(async () => {
    postgres = await startService('postgres')
    database = await openTicketDatabase(
      { url: postgres.url, caFile: '' },
      {
        pglite: () => Promise.reject(new Error('not embedded')),
        logger: { warn: (_details, message) => warnings.push(message) },
      },
    )
  })
  afterAll(async () => {
    await database?.close()
    await postgres?.close()
  })

  it('loses no ticket and doubles none, says that it is away, and needs no restart of ours', async () => {
    const opened: string[] = []
    const tickets = createTicketStore(database.db, {
      clock: systemClock,
      onChange: ({ device }, change) => change === 'opened' && opened.push(device),
    })
    const seen = new Set<string>()
    const asked = new Map<string, number>()
    let stopped = false
    let done = 0
    const raise = (device: string, turn: number) => async () => {
      try {
        await tickets.raise(predictionOf({ device, windowEnd: 1_732_250_000_000 + turn }))
      } catch (error) {
        seen.add((error as { code?: string }).code ?? String(error))
        throw error
      }
    }
    const lane = async (name: string) => {
      for (let turn = 0; !stopped; turn++) {
        const device = `${name}-${turn % 20}`
        await untilAccepted(raise(device, turn), systemClock, AbortSignal.timeout(90_000))
        asked.set(device, (asked.get(device) ?? 0) + 1)
        done++
      }
    }
    const lanes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(lane)
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const before = done
      await until(
        async () => done,
        (n) => n > before + 300,
      )
      await postgres.stop(signal)
      await expect(database.ping()).rejects.toMatchObject({ code: 'TICKETS_UNAVAILABLE', next: 'retry' })
      await expect(createDeviceRegister(database.db).list()).rejects.toMatchObject({
        code: 'TICKETS_UNAVAILABLE',
      })
      await expect(createAlarmState(database.db).load()).rejects.toMatchObject({
        code: 'TICKETS_UNAVAILABLE',
      })
      await expect(tickets.list()).rejects.toMatchObject({ code: 'TICKETS_UNAVAILABLE' })
      await postgres.start()
      await until(
        () =>
          database.ping().then(
            () => true,
            () => false,
          ),
        Boolean,
      )
    }
    const before = done
    await until(
      async () => done,
      (n) => n > before + 300,
    )
    stopped = true
    await Promise.all(lanes)

    expect([...seen]).toEqual(['TICKETS_UNAVAILABLE'])
    const list = await tickets.list({ limit: 10_000 })
    expect(list.map(({ device }) => device).toSorted()).toEqual([...asked.keys()].toSorted())
    expect(new Map(list.map(({ device, predictions }) => [device, predictions]))).toEqual(asked)
    expect(new Set(opened).size).toBe(opened.length)
  }, 180_000)

  it('answers within its deadline where the server hangs, and goes on with new connections', async () => {
    await database.ping()
    const processes = await processesOf(database)
    for (const pid of processes) process.kill(pid, 'SIGSTOP')
    try {
      await expect(database.ping()).rejects.toMatchObject({ code: 'TICKETS_UNAVAILABLE' })
    } finally {
      for (const pid of processes) process.kill(pid, 'SIGCONT')
    }
    await until(
      () =>
        database.ping().then(
          () => true,
          () => false,
        ),
      Boolean,
    )
  }, 60_000)
})

/** The server's processes behind our connections. */
async function processesOf({ db }: TicketDatabase): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    SELECT pid FROM pg_stat_activity WHERE application_name = 'forewarn'`.execute(db)
  return rows.map(({ pid }) => pid)
}
