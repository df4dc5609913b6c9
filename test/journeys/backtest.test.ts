import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createApiClient } from '../../app/apiClient.ts'
import { runBacktest } from '../../app/backtest/backtest.ts'
import { readRecording } from '../../app/backtest/sources.ts'
import type { Journey } from '../../app/journey.ts'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config.ts'
import { until } from '../support/forewarnProcess.ts'
import { interleave, pumpMessages } from '../support/pumpMessages.ts'
import { publishAll, scoredAndDone, startQuietly, windowsIn } from '../support/quietJourney.ts'

/*
 * Six pumps stream, three of them towards a failure · half-way a planner confirms one ticket, but nothing was repaired:
 * the pump goes on as it did · forewarn stops · the backtest of what is stored opens the tickets that were opened.
 */
const rows = 900
const folder = mkdtempSync(join(tmpdir(), 'forewarn-backtest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const config = parseConfig({
  data: { folder },
  ingest: { maxPastDays: 400 },
  mqtt: { port: 0 },
  http: { port: 0 },
})

const pumps = interleave(
  pumpMessages({ device: 'P-1', mode: 'bearing_wear', seed: 11, rows, startHours: 20, developHours: 110 }),
  pumpMessages({ device: 'P-2', mode: 'cavitation', seed: 21, rows, startHours: 24, developHours: 80 }),
  pumpMessages({ device: 'P-3', mode: 'winding_overheating', seed: 31, rows, startHours: 60 }),
  ...[4, 5, 6].map((i) => pumpMessages({ device: `P-${i}`, mode: null, seed: 10 * i, rows })),
)

/** Device, mode in the end and the window that opened it, of every ticket. */
async function opened(journey: Journey): Promise<string[]> {
  const tickets = await journey.tickets.list()
  return Promise.all(
    tickets.map(async ({ id, device, mode }) => {
      const [first] = await journey.tickets.history(id)
      expect(first!.kind).toBe('opened')
      return `${device} ${mode} ${first!.detail.windowEnd}`
    }),
  )
}

it('opens exactly the tickets that the live run opened', async () => {
  const journey = await startQuietly(config)
  const type = journey.catalogue.get('pump')!
  let live: string[]
  try {
    const half = Math.floor(pumps.length * 0.6)
    await publishAll(journey, pumps.slice(0, half))
    await scoredAndDone(journey, windowsIn(pumps.slice(0, half), type))
    const [first] = await journey.tickets.list({ device: 'P-2' })
    const api = createApiClient(config, { url: journey.httpUrl })
    const by = { actor: 'bo', version: first!.version, verdict: 'confirmed', verdictMode: first!.mode }
    await api.post(`/api/tickets/${first!.id}/resolve`, by)
    await until(
      () => journey.register.events('P-2'),
      (events) => events.length === 1,
      10_000,
    )
    await publishAll(journey, pumps.slice(half))
    await scoredAndDone(journey, windowsIn(pumps, type))
    live = await opened(journey)
  } finally {
    await journey.close()
  }
  expect(live.length).toBeGreaterThanOrEqual(3)

  const registry = openModelRegistry({ config, clock: systemClock })
  const modelFolder = await registry.folderOf('pump', (await registry.inForce('pump')).champion!)
  const recording = await readRecording(type, { from: 'store', config, seed: 1 })
  const { policy } = config
  const result = await runBacktest({
    type,
    source: recording.name,
    histories: recording.histories,
    modelFolder,
    policy,
    planner: 'recorded',
  })
  const again = result.tickets.map(({ device, mode, openedAt }) => `${device} ${mode} ${openedAt}`)
  expect(again.sort()).toEqual([...live].sort())
  expect(result).toMatchObject({ devices: 6, readings: pumps.length })

  const numb = await runBacktest({
    type,
    source: recording.name,
    histories: recording.histories,
    modelFolder,
    policy: { ...policy, raiseAt: 1 },
    planner: 'recorded',
  })
  expect(numb.tickets.length).toBeLessThan(live.length)
}, 240_000)
