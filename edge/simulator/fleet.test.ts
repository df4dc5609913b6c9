import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { SimulatorControl } from '../../alerts/http/deps.ts'
import { parseAssetType } from '../../core/catalogue.ts'
import { ManualClock } from '../../core/clock.ts'
import { decodeEvent } from '../../ingest/codec/event.ts'
import { TelemetryDecoder } from '../../ingest/codec/telemetry.ts'
import { parseTopic } from '../../ingest/codec/topic.ts'
import { type RecordingBroker, startRecordingBroker } from '../../test/support/recordingBroker.ts'
import type { EventPayload, TelemetryPayload } from '../topics.ts'
import { type Fleet, type FleetOptions, startFleet } from './fleet.ts'

const pump = parseAssetType(
  parse(readFileSync(new URL('../../catalogue/pump.yaml', import.meta.url), 'utf8')),
  'pump.yaml',
)
const hour = 3_600_000
const day = 24 * hour

let broker: RecordingBroker
let fleet: Fleet

async function start(options: Partial<FleetOptions> = {}) {
  broker = await startRecordingBroker()
  fleet = startFleet({
    url: broker.url,
    assetType: pump,
    seed: 1,
    pumps: 3,
    faults: 'none',
    ratePerDevice: 500,
    start: Date.now() - 400 * day,
    ...options,
  })
}

afterEach(async () => {
  await fleet.stop(0)
  await broker.close()
})

const messages = <T>(kind: string, device?: string) =>
  broker.messages
    .filter((m) => m.topic.endsWith(`/${device ?? m.topic.split('/')[3]}/${kind}`))
    .map((m) => JSON.parse(m.payload) as T)
const readings = (device?: string) => messages<TelemetryPayload>('telemetry', device)
const until = (condition: () => boolean) =>
  expect.poll(condition, { interval: 5, timeout: 15_000 }).toBe(true)

/** Moves the fleet's clock on in small steps until the condition holds; then its time stands still. */
async function drive(clock: ManualClock, condition: () => boolean) {
  for (let step = 0; !condition(); step++) {
    expect(step).toBeLessThan(1000)
    clock.advance(20)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('simulated fleet', () => {
  it('publishes one reading of every pump each ten minutes of its time', async () => {
    const from = Date.now() - 400 * day
    await start({ start: from })
    await until(() => readings('pump-03').length >= 20)
    const mine = readings('pump-02').slice(0, 20)
    expect(mine.map((r) => r.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(mine.slice(1).every((r, i) => r.time - mine[i]!.time === pump.cadenceMs)).toBe(true)
    expect(mine[0]!.time - from).toBeLessThan(pump.cadenceMs)
    expect(Object.keys(mine[0]!.values)).toEqual(pump.channels.map((c) => c.name))
    expect(Math.abs(mine[0]!.publishedAt - Date.now())).toBeLessThan(15_000)
    expect(new Set(broker.messages.map((m) => m.topic))).toEqual(
      new Set(
        ['north/pump/pump-01', 'south/pump/pump-02', 'north/pump/pump-03'].map(
          (p) => `forewarn/${p}/telemetry`,
        ),
      ),
    )
  })

  it('says the same again for the same seed', async () => {
    const run = async (seed: number) => {
      await start({ seed, start: 1_700_000_000_000 })
      await until(() => readings('pump-01').length >= 30)
      await fleet.stop()
      const told = readings('pump-01').slice(0, 30)
      await broker.close()
      return told.map(({ time, seq, values }) => ({ time, seq, values }))
    }
    const first = await run(5)
    expect(await run(5)).toEqual(first)
    expect(await run(6)).not.toEqual(first)
  })

  it('counts as sent exactly what the broker has acknowledged, in total and by pump, and nothing is unknown to it', async () => {
    await start()
    await until(() => readings().length >= 300)
    await fleet.stop()
    const sent = fleet.sent()
    expect(sent.total).toBe(readings().length)
    for (const [device, count] of sent.byDevice) expect(count).toBe(readings(device).length)
  })

  it('loses nothing and keeps each pump in order when the broker goes away, twice', async () => {
    await start({ maxInFlight: 30 })
    await until(() => readings().length >= 150)
    await broker.cut(80)
    await until(() => readings().length >= 400)
    await broker.cut()
    await until(() => readings().length >= 700)
    await fleet.stop()
    for (const [device, count] of fleet.sent().byDevice) {
      const order = [...new Set(readings(device).map((r) => r.seq))]
      expect(order).toEqual(Array.from({ length: count }, (_, i) => i))
    }
    const identities = new Set(broker.messages.map((m) => `${m.topic} ${JSON.parse(m.payload).time}`))
    expect(identities.size).toBe(fleet.sent().total)
  })

  it('waits for acknowledgements instead of piling up', async () => {
    await start({ gateways: 1, maxInFlight: 8 })
    const release = broker.hold()
    await until(() => fleet.inFlight() >= 8)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(fleet.inFlight()).toBe(8)
    release()
    await until(() => readings().length >= 50)
  })

  it('never passes now: having caught up, it goes at the pace of the clock', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    await start({ clock, start: clock.now() - 5 * pump.cadenceMs })
    const pass = async (ms: number, expected: number) => {
      clock.advance(ms)
      await until(() => readings().length >= expected)
      await new Promise((resolve) => setTimeout(resolve, 30))
      for (const reading of readings()) expect(reading.time).toBeLessThanOrEqual(reading.publishedAt)
      expect(fleet.time()).toBeLessThanOrEqual(clock.now())
      return readings('pump-01').length
    }
    const caughtUp = await pass(1000, 15)
    expect(caughtUp).toBeGreaterThanOrEqual(5)
    expect(caughtUp).toBeLessThanOrEqual(6)
    expect(await pass(pump.cadenceMs, 18)).toBe(caughtUp + 1)
    expect(await pass(pump.cadenceMs, 21)).toBe(caughtUp + 2)
  })

  it('fits the port of the HTTP interface and starts with a running fleet that cost nothing', async () => {
    await start()
    const control: SimulatorControl = fleet
    const state = control.state()
    expect(state).toMatchObject({ assetType: 'pump', totalCost: 0 })
    expect(state.hoursPerSecond).toBeCloseTo(500 / 6, 6)
    expect(state.pumps.map((p) => p.state)).toEqual(['running', 'running', 'running'])
    expect(state.modes).toHaveLength(5)
  })

  it('breaks a pump until it fails, falls silent and costs the failure', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    await start({ clock, start: clock.now() - 400 * day })
    await drive(clock, () => readings('pump-01').length >= 10)
    fleet.break('pump-01', 'cavitation')
    expect(fleet.state().pumps[0]).toMatchObject({ state: 'breaking', mode: 'cavitation', cost: 0 })
    await drive(clock, () => fleet.state().pumps[0]!.state === 'failed')
    await drive(clock, () => messages<EventPayload>('event', 'pump-01').length > 0)

    const [episode] = fleet.episodes()
    const last = readings('pump-01').at(-1)!
    expect(last.time).toBeLessThan(episode!.failureAt)
    expect(episode!.failureAt - last.time).toBeLessThanOrEqual(pump.cadenceMs)
    const develop = (episode!.failureAt - episode!.brokenAt) / hour
    expect(develop).toBeGreaterThanOrEqual(100)
    expect(develop).toBeLessThanOrEqual(119)
    expect(messages<EventPayload>('event', 'pump-01')).toEqual([
      { time: expect.any(Number), kind: 'failed', detail: 'cavitation' },
    ])
    expect(fleet.state().pumps[0]).toMatchObject({ mode: 'cavitation', cost: 16000 })
    const others = readings('pump-02').length
    await drive(clock, () => readings('pump-02').length > others + 5)
    expect(readings('pump-01').at(-1)).toEqual(last)
    expect(() => fleet.break('pump-01', 'imbalance')).toThrow('repair it first')
    expect(fleet.judge([]).missed).toBe(1)
  })

  it('repairs a pump: the event, a standstill, then a healthy machine, at the planned cost', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    await start({ clock, start: clock.now() - 400 * day })
    await drive(clock, () => readings('pump-02').length >= 10)
    fleet.break('pump-02', 'imbalance')
    const { brokenAt, failureAt } = fleet.episodes()[0]!
    await drive(clock, () => fleet.time() > brokenAt + 0.8 * (failureAt - brokenAt))
    await fleet.repair('pump-02')
    const repairedAt = fleet.time()
    await drive(clock, () => readings('pump-02').at(-1)!.time > repairedAt + 20 * hour)

    expect(fleet.state().pumps[1]).toMatchObject({ state: 'running', mode: null, cost: 900 })
    expect(messages<EventPayload>('event', 'pump-02').map((e) => e.kind)).toEqual(['repaired'])
    const before = readings('pump-02').filter((r) => r.time <= repairedAt)
    const after = readings('pump-02').filter((r) => r.time > repairedAt)
    expect(after[0]!.time - before.at(-1)!.time).toBeGreaterThan(3 * hour)
    expect(before.at(-1)!.values.vibration! / after[0]!.values.vibration!).toBeGreaterThan(1.5)
    expect(fleet.episodes()[0]).toMatchObject({ outcome: 'repaired' })
  })

  it('speaks topics and payloads of the contract: ingest takes every message, whole', async () => {
    await start()
    await until(() => readings().length >= 30)
    fleet.break('pump-01', 'imbalance')
    await fleet.repair('pump-01')
    await until(() => messages('event').length > 0)
    const decoder = new TelemetryDecoder(pump)
    for (const { topic, payload } of broker.messages) {
      const place = parseTopic(topic)
      expect(place).toMatchObject({ assetType: 'pump' })
      const { site, device, kind } = place!
      const bytes = Buffer.from(payload)
      if (kind === 'event') {
        expect(decodeEvent(bytes, device, Date.now())).toMatchObject({ ok: true })
        continue
      }
      const context = { site, device, receivedAt: Date.now(), oldest: 0, newest: Date.now() }
      const { readings: decoded, rejections } = decoder.decode(bytes, context)
      expect(rejections).toEqual([])
      expect(decoded[0]!.values.every(Number.isFinite)).toBe(true)
      expect(decoded[0]).toMatchObject({ seq: expect.any(Number), boot: expect.any(String) })
    }
  })

  it('hides a fault that came by itself, and judges by it', async () => {
    await start({ faults: 'random', pumps: 6 })
    await until(() => fleet.episodes().length > 0)
    const [episode] = fleet.episodes()
    expect(fleet.state().pumps.every((p) => p.state === 'running' && p.mode === null && p.cost === 0)).toBe(
      true,
    )
    const opening = {
      device: episode!.device,
      mode: episode!.mode,
      windowEnd: episode!.failureAt - 30 * hour,
    }
    expect(fleet.judge([opening])).toMatchObject({ found: 1, falseAlarms: 0, rightModeShare: 1 })
    expect(fleet.judge([opening]).leadTime.median).toBeCloseTo(30, 6)
  })

  it('lets an order go before a fault that would have come by itself', async () => {
    await start({ faults: 'random', pumps: 2 })
    for (const device of ['pump-01', 'pump-02']) fleet.break(device, 'seal_leak')
    await until(() => readings('pump-01').length >= 100)
    expect(fleet.episodes().map((e) => [e.ordered, e.outcome])).toEqual([
      [true, 'developing'],
      [true, 'developing'],
    ])
  })

  it('refuses an unknown pump and an unknown mode', async () => {
    await start()
    expect(() => fleet.break('pump-99', 'imbalance')).toThrow('There is no device pump-99')
    expect(() => fleet.break('pump-01', 'rust')).toThrow('no failure mode rust')
    await expect(fleet.repair('pump-99')).rejects.toThrow('There is no device pump-99')
  })
})
