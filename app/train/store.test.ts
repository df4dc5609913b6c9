import { mkdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import type { AssetType } from '../../core/catalogue.ts'
import { ManualClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config.ts'
import { createDuckdbStore } from '../../ingest/stores/duckdb/duckdbStore.ts'
import { createMemoryStore } from '../../ingest/stores/memory.ts'
import type { Store } from '../../ingest/stores/store.ts'
import { predictionOf } from '../../test/contracts/ticketsPredictions.ts'
import { batchOf, press, pressLife, pressStart, sentBy } from '../../test/properties/tinyAsset.ts'
import { withParts } from '../../test/support/filledInstallation.ts'
import { pressOptions, quickRecipe } from '../../test/support/pressTables.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { storedSeries } from './storedSeries.ts'
import { runTrain } from './train.ts'

// an installation makes its database anew, which takes seconds on a busy machine
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const catalogue = new Map<string, AssetType>([[press.name, press]])
const { cadenceMs } = press
let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'forewarn-store-'))
})
afterAll(() => rm(parent, { recursive: true }))

describe.each<[string, () => Store]>([
  ['memory', () => createMemoryStore(catalogue)],
  ['duckdb', () => createDuckdbStore(join(parent, 'telemetry.duckdb'), catalogue)],
])('stored readings of %s', (_, make) => {
  const life = pressLife(7, 95)
  let store: Store
  beforeAll(async () => {
    store = make()
    await store.open()
    const sent = sentBy('P-1', life)
    sent[20] = { ...sent[20]!, values: [Number.NaN, 1, 2] }
    await store.write([batchOf(sent), batchOf(sentBy('P-2', pressLife(8, 10)))], 1)
  })
  afterAll(() => store.close())

  it.each([10, 19, 95, 1000])('come as columns in order of time, %i a query', async (rows) => {
    const series = await storedSeries(store, press, 'P-1', { since: 0, until: 9e12 }, rows)
    expect([...series.times]).toEqual(Array.from({ length: 95 }, (_, i) => pressStart + i * cadenceMs))
    expect(series.channels[0]![20]).toBeNaN()
    expect([...series.channels[2]!.slice(21)]).toEqual([...life.values[2]!.slice(21)])
  })

  it('come from since on, and before until', async () => {
    const [since, until] = [pressStart + 7 * cadenceMs, pressStart + 31 * cadenceMs]
    const { times } = await storedSeries(store, press, 'P-1', { since, until }, 9)
    expect([times[0], times.at(-1), times.length]).toEqual([since, until - cadenceMs, 24])
    const none = await storedSeries(store, press, 'P-1', { since: 0, until: pressStart })
    expect(none.times.length).toBe(0)
  })
})

describe('training from an installation', () => {
  const config = () =>
    parseConfig({ data: { folder: join(parent, 'data') }, catalogue: { folder: join(parent, 'catalogue') } })
  const at = (minute: number) => pressStart + minute * cadenceMs

  beforeAll(async () => {
    mkdirSync(join(parent, 'catalogue'))
    await writeFile(join(parent, 'catalogue', 'press.yaml'), JSON.stringify(press))
    mkdirSync(join(parent, 'data', 'log'), { recursive: true })
    await withParts(config(), async ({ store, db }) => {
      const fails = [120, 120, undefined, undefined, undefined]
      const devices = fails.map((failsAt, i) => ({
        device: `press-${i}`,
        life: pressLife(40 + i, 150, failsAt),
      }))
      await store.write(
        devices.map(({ device, life }) => batchOf(sentBy(device, life))),
        1,
      )
      const register = createDeviceRegister(db)
      await register.seen(
        devices.map(({ device }) => ({ device, site: 'hall', assetType: 'press', firstSeen: pressStart })),
      )
      for (const device of ['press-0', 'press-1'])
        await register.addEvent({ device, time: at(119), kind: 'failed', detail: '' })
      await register.addEvent({ device: 'press-1', time: at(125), kind: 'repaired', detail: '' })
      await register.addEvent({ device: 'press-3', time: at(140), kind: 'repaired', detail: '' })
      const tickets = createTicketStore(db, { clock: new ManualClock(at(150)) })
      const judged = async (device: string, raisedAt: number, verdict: 'confirmed' | 'false_alarm') => {
        const about = {
          device,
          assetType: 'press',
          site: 'hall',
          raisedAt: at(raisedAt),
          windowEnd: at(raisedAt + 5),
        }
        const { ticket } = await tickets.raise(predictionOf({ ...about, id: device }))
        const verdictMode = verdict === 'confirmed' ? 'worn_die' : undefined
        await tickets.change(ticket.id, {
          to: 'resolved',
          actor: 'Anna',
          version: ticket.version,
          verdict,
          verdictMode,
        })
      }
      await judged('press-2', 50, 'false_alarm')
      await judged('press-3', 100, 'confirmed')
    })
  })

  const train = (more: { since?: number; until?: number } = {}) => {
    const options = { ...pressOptions(parent), from: 'store' as const, config: config(), recipe: quickRecipe }
    return runTrain({ ...options, catalogue: loadCatalogue(config().catalogue.folder), ...more })
  }

  it('makes labels of life events and verdicts, without an export', async () => {
    const { data } = await train()
    expect(data).toMatchObject({
      name: 'the telemetry store',
      devices: 5,
      readings: 750,
      ends: { failed: 2, confirmed: 1, renewed: 0, stopped: 0, running: 4 },
      foundHealthy: 1,
      modes: { worn_die: 1 },
    })
    // press-0 and press-1 behind their failure
    expect(data.leftOut).toEqual({ 'failed and not repaired yet': 30 + 6 })
  })

  it('reads only the time that it is told', async () => {
    const { data } = await train({ since: at(20), until: at(121) })
    expect(data).toMatchObject({ readings: 5 * 101, ends: { failed: 2, running: 2, confirmed: 1 } })
  })

  it('refuses a folder in which nothing was kept, and makes none', async () => {
    const elsewhere = parseConfig({ data: { folder: join(parent, 'mistyped') } })
    const options = { ...pressOptions(parent), from: 'store' as const, config: elsewhere }
    await expect(runTrain(options)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
  })
})
