import { afterEach, describe, expect, it } from 'vitest'
import { type RecordingBroker, startRecordingBroker } from '../test/support/recordingBroker.ts'
import { openPublisher, type Publisher } from './publisher.ts'

let broker: RecordingBroker
let publisher: Publisher

async function connect(maxInFlight?: number) {
  broker = await startRecordingBroker()
  publisher = openPublisher({ url: broker.url, name: 'test', maxInFlight })
}

afterEach(async () => {
  await publisher.close(0)
  await broker.close()
})

/** Sends 0 .. count-1 and counts what was acknowledged, by number. */
function sendAll(count: number) {
  const acknowledged = new Map<number, number>()
  const sending = (async () => {
    for (let i = 0; i < count; i++) {
      await publisher.publish('t', String(i), () => acknowledged.set(i, (acknowledged.get(i) ?? 0) + 1))
    }
  })()
  return { acknowledged, sending }
}

/** The numbers in the order in which each came first. */
const firsts = () => [...new Set(broker.messages.map((m) => Number(m.payload)))]
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('publisher', () => {
  it('delivers in order and hears of every acknowledgement', async () => {
    await connect()
    const { acknowledged, sending } = sendAll(500)
    await sending
    await publisher.drained()
    expect(broker.messages.map((m) => Number(m.payload))).toEqual(upTo(500))
    expect([...acknowledged.values()]).toEqual(Array(500).fill(1))
  })

  it('never has more in flight than allowed while acknowledgements are held back', async () => {
    await connect(10)
    const release = broker.hold()
    const { sending } = sendAll(50)
    await expect.poll(() => broker.messages.length).toBe(10)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(broker.messages.length).toBe(10)
    expect(publisher.inFlight()).toBe(10)
    release()
    await sending
    await publisher.drained()
    expect(broker.messages.length).toBe(50)
  })

  it('loses nothing, keeps the order and counts each message once through broken connections', async () => {
    await connect(20)
    const { acknowledged, sending } = sendAll(2000)
    for (const [seen, refuseFor] of [
      [100, 0],
      [300, 50],
      [700, 0],
      [701, 0],
      [1500, 100],
    ] as const) {
      await expect.poll(() => broker.messages.length, { interval: 1, timeout: 10_000 }).toBeGreaterThan(seen)
      await broker.cut(refuseFor)
    }
    await sending
    await publisher.drained()
    expect(firsts()).toEqual(upTo(2000))
    expect(acknowledged.size).toBe(2000)
    expect(Math.max(...acknowledged.values())).toBe(1)
  })

  it('sends again what the broker took without acknowledging, before anything newer', async () => {
    await connect(20)
    broker.cutInsteadOfAck(5)
    const { acknowledged, sending } = sendAll(60)
    await sending
    await publisher.drained()
    const numbers = broker.messages.map((m) => Number(m.payload))
    expect(numbers.filter((n) => n === 4)).toHaveLength(2)
    expect(firsts()).toEqual(upTo(60))
    expect(acknowledged.size).toBe(60)
  })

  it('waits for a broker that comes later', async () => {
    await connect()
    const { sending } = sendAll(0)
    await sending
    await broker.cut(300)
    const late = sendAll(5)
    await late.sending
    await publisher.drained()
    expect(broker.messages).toHaveLength(5)
  })

  it('comes again to a broker that turned it away for a while', async () => {
    await connect()
    const letIn = broker.turnAway()
    await broker.cut()
    const { sending } = sendAll(5)
    await expect.poll(() => broker.turnedAway()).toBeGreaterThan(1)
    letIn()
    await sending
    await publisher.drained()
    expect(firsts()).toEqual(upTo(5))
  })

  it('stops waiting when it is closed', async () => {
    await connect(1)
    broker.hold()
    const { acknowledged, sending } = sendAll(3)
    await expect.poll(() => broker.messages.length).toBe(1)
    await publisher.close(20)
    await sending
    expect(acknowledged.size).toBe(0)
  })
})
