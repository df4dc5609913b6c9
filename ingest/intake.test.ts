import { describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { ForewarnError } from '../core/errors.ts'
import { catalogue, memoryLog, now, pump, pumpTopic } from './broker/testing.ts'
import { createIntake, type IntakeOptions, type NewDevice } from './intake.ts'
import type { OpenLog } from './log/log.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

function openIntake(log: OpenLog = memoryLog(), over: Partial<IntakeOptions> = {}) {
  const newDevices: NewDevice[][] = []
  const intake = createIntake({
    catalogue,
    log,
    clock: new ManualClock(now),
    config: { maxPastDays: 30, maxFutureMs: 60_000, maxPayloadBytes: 10_000 },
    onNewDevices: (devices) => newDevices.push([...devices]),
    onLifeEvent: () => {},
    ...over,
  })
  return { intake, log, newDevices }
}

/** A log that refuses while `full` says so. */
function fillableLog(): OpenLog & { full: boolean } {
  const inner = memoryLog()
  const log = Object.assign(Object.create(inner) as OpenLog, { full: false })
  log.append = (...args) =>
    log.full ? Promise.reject(new ForewarnError('LOG_FULL', { cap: 1 })) : inner.append(...args)
  return log
}

describe('intake', () => {
  it('announces new devices once, those of one turn together, after they are durable', async () => {
    const { intake, newDevices, log } = openIntake()
    await Promise.all(['p1', 'p2', 'p1'].map((device) => intake.message(pumpTopic(device), bytes(pump(now)))))
    await nextTurn()
    const place = { site: 'north', assetType: 'pump', firstSeen: now }
    expect(newDevices).toEqual([
      [
        { device: 'p1', ...place },
        { device: 'p2', ...place },
      ],
    ])
    const again = openIntake(log)
    await again.intake.message(pumpTopic('p1'), bytes(pump(now + 1)))
    await nextTurn()
    expect(again.newDevices).toEqual([])
  })

  it('does not announce a device of which nothing was accepted', async () => {
    const { intake, newDevices, log } = openIntake()
    await intake.message(pumpTopic('p1'), bytes(pump(now - 1e12)))
    await nextTurn()
    expect([newDevices, log.devices()]).toEqual([[], []])
  })

  it('gives a place back that could not be kept', async () => {
    const log = fillableLog()
    const { intake, newDevices } = openIntake(log)
    log.full = true
    const refused = intake.message('forewarn/wrong/pump/p1/telemetry', bytes(pump(now)))
    await expect(refused).rejects.toMatchObject({ code: 'LOG_FULL' })
    log.full = false
    await intake.message(pumpTopic('p1'), bytes(pump(now)))
    await nextTurn()
    expect(newDevices.flat().map(({ site }) => site)).toEqual(['north'])
    expect(intake.stats()).toMatchObject({ messages: 2, readings: 1, unacknowledged: 1, deadLetters: {} })
  })

  it('keeps a device at its place, also after a restart', async () => {
    const { intake, log } = openIntake()
    await intake.message(pumpTopic('p1'), bytes(pump(now)))
    const again = openIntake(log).intake
    await again.message('forewarn/south/pump/p1/telemetry', bytes([pump(now), pump(now + 1)]))
    await again.message('forewarn/north/turbofan/p1/telemetry', bytes(pump(now)))
    await again.message('forewarn/south/pump/p1/event', bytes({ time: now, kind: 'repaired' }))
    expect(again.stats()).toMatchObject({
      readings: 0,
      deadLetters: { wrong_place: 3 },
      deadLetterReadings: 3,
    })
    const [letter] = await log.deadLetters.list()
    expect(letter!.detail).toMatch(/^p1 is registered as north\/pump: publish it there, or/)
  })

  it('hands a life event on, and does not acknowledge it when that fails', async () => {
    const heard: unknown[] = []
    let broken = false
    const { intake } = openIntake(memoryLog(), {
      onLifeEvent: async (event) => {
        if (broken) throw new Error('no database')
        heard.push(event)
      },
    })
    const topic = 'forewarn/north/pump/p1/event'
    const payload = bytes({ time: now, kind: 'repaired', detail: 'new bearing' })
    await intake.message(topic, payload)
    expect(heard).toEqual([{ device: 'p1', time: now, kind: 'repaired', detail: 'new bearing' }])
    broken = true
    await expect(intake.message(topic, payload)).rejects.toThrow('no database')
  })

  it('counts every single value and every dead letter', async () => {
    const { intake } = openIntake()
    await intake.message(
      pumpTopic('p1'),
      bytes(pump(now, { values: { vibration: '1', flow: 80, x: 1, y: 2 } })),
    )
    await intake.message(pumpTopic('p1'), bytes([pump(now), 3, 4]))
    expect(intake.stats()).toMatchObject({
      messages: 2,
      readings: 2,
      rejectedValues: 3,
      deadLetters: { not_a_number: 1, unknown_channel: 1, wrong_shape: 1 },
      deadLetterReadings: 2,
    })
  })

  it('measures gaps and reboots and takes late and repeated messages for neither', async () => {
    const { intake } = openIntake()
    const send = (seq: number, time: number, boot?: string) =>
      intake.message(pumpTopic('p1'), bytes(pump(now - 1000 + time, { seq, ...(boot && { boot }) })))
    const seen = () => [intake.stats().seqGaps, intake.stats().reboots]
    for (const [seq, time] of [
      [10, 10],
      [11, 11],
      [11, 11], // sent again
      [9, 9], // late
      [14, 14], // 12 and 13 are missing
    ] as const) {
      await send(seq, time)
    }
    expect(seen()).toEqual([2, 0])
    await send(0, 15) // the counter began anew
    expect(seen()).toEqual([2, 1])
    await send(1, 16, 'b') // the device names its boot now
    await send(7, 17, 'c') // booted: no gap
    expect(seen()).toEqual([2, 3])
  })
})
