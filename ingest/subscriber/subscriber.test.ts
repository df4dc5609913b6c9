import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../test/contracts/queue.suite.ts'
import { publish5, type ScriptedBroker, startScriptedBroker } from '../../test/support/scriptedBroker.ts'
import { type Subscribed, subscribing } from '../../test/support/subscribing.ts'

/** An intake of which a test settles each message by itself. */
function oneByOne() {
  const waiting = new Map<string, { resolve(): void; reject(error: Error): void }>()
  return {
    waiting,
    intake: {
      message: (_topic: string, payload: Uint8Array) =>
        new Promise<void>((resolve, reject) =>
          waiting.set(Buffer.from(payload).toString(), { resolve, reject }),
        ),
      oversized: () => Promise.resolve(),
    },
  }
}

describe('subscriber', () => {
  let broker: ScriptedBroker
  let opened: Subscribed | undefined
  beforeEach(async () => {
    broker = await startScriptedBroker()
  })
  afterEach(async () => {
    await opened?.subscriber.close()
    opened = undefined
    await broker.close()
  })
  const open = async (...[mqtt, options]: Partial<Parameters<typeof subscribing>>) => {
    opened = await subscribing({ url: broker.url, ...mqtt }, options)
    return opened
  }

  it('acknowledges in the order of arrival although a later message is kept first', async () => {
    const { intake, waiting } = oneByOne()
    await open({}, { intake })
    broker.send(publish5('t', 'a', 5), publish5('t', 'b', 6), publish5('t', 'c', 4))
    await until('all wait', () => waiting.size === 3)
    waiting.get('c')?.resolve()
    waiting.get('b')?.resolve()
    await pause(30)
    expect(broker.acknowledged).toEqual([])
    waiting.get('a')?.resolve()
    await until('all are acknowledged', () => broker.acknowledged.length === 3)
    expect(broker.acknowledged).toEqual([5, 6, 4])
  })

  it('acknowledges what came before a message that was not kept, nothing after it, and comes anew', async () => {
    const { intake, waiting } = oneByOne()
    const { subscriber } = await open({}, { intake })
    broker.send(publish5('t', 'a', 1), publish5('t', 'b', 2), publish5('t', 'c', 3))
    await until('all wait', () => waiting.size === 3)
    for (const [name, { resolve, reject }] of waiting)
      name === 'b' ? reject(new Error('disk full')) : resolve()
    await until('it is back', () => broker.subscribed() === 2 && subscriber.stats().connected)
    expect(broker.acknowledged).toEqual([1])
    expect(subscriber.stats()).toMatchObject({
      problem: 'messages are not acknowledged: disk full',
      reconnects: 1,
    })

    broker.send(publish5('t', 'd', 2))
    await until('it waits', () => waiting.has('d'))
    waiting.get('d')?.resolve()
    await until('it is acknowledged', () => broker.acknowledged.length === 2)
    expect(subscriber.stats().problem).toBeUndefined()
  })

  it('takes a broker that delivers for alive although it owes an answer to a ping, and pings it', async () => {
    broker.answersPings = false
    const intake = { message: () => Promise.resolve(), oversized: () => Promise.resolve() }
    const { subscriber } = await open({}, { intake, timing: { keepaliveSeconds: 1 } })
    // three times as long as a silent one is waited for
    for (let id = 1; id <= 45; id++) {
      broker.send(publish5('t', 'a', id))
      await pause(100)
    }
    expect(subscriber.stats()).toMatchObject({ connected: true, reconnects: 0 })
    expect(broker.pings()).toBeGreaterThan(4)
    // and a silent one is left
    await until('it is back', () => broker.subscribed() === 2)
  })

  it('does not acknowledge on a new connection what came on an old one', async () => {
    const { intake, waiting } = oneByOne()
    const { subscriber } = await open({}, { intake })
    broker.send(publish5('t', 'old', 1), [0xe0, 2, 139, 0])
    await until('it waits', () => waiting.has('old'))
    await until('it is back', () => broker.subscribed() === 2)
    waiting.get('old')?.resolve()
    broker.send(publish5('t', 'new', 2))
    await until('the next waits', () => waiting.has('new'))
    waiting.get('new')?.resolve()
    await until('one is acknowledged', () => broker.acknowledged.length > 0)
    await pause(30)
    expect(broker.acknowledged).toEqual([2])
    expect(subscriber.stats()).toMatchObject({ messages: 2, inFlight: 0 })
  })

  it('names another process that takes its session over', async () => {
    const { subscriber } = await open({}, { timing: { firstWaitMs: 60_000 } })
    broker.send([0xe0, 2, 142, 0])
    await until('it says so', () => subscriber.stats().problem !== undefined)
    expect(subscriber.stats().problem).toContain('another client uses the client id forewarn-one')
  })

  it('ends a connection that is not well-formed, says why, and comes anew', async () => {
    const { subscriber } = await open({}, { timing: { firstWaitMs: 300 } })
    broker.send([0x30, 1, 0])
    await until('it says so', () => subscriber.stats().problem !== undefined)
    expect(subscriber.stats().problem).toContain('a PUBLISH that is too short')
    await until('it is back', () => broker.subscribed() === 2 && subscriber.stats().connected)
    expect(subscriber.stats().problem).toBeUndefined()
  })

  it('says of what it publishes that the broker did not take it, when the connection ends', async () => {
    const { subscriber } = await open()
    // this broker acknowledges nothing
    const sent = subscriber.publish('plant/command', 'x', { qos: 1 })
    broker.send([0xe0, 2, 139, 0])
    await expect(sent).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', next: 'retry' })
  })

  it('takes nothing more while it closes', async () => {
    const { intake, waiting } = oneByOne()
    const { subscriber } = await open({}, { intake })
    broker.send(publish5('t', 'a', 1))
    await until('it waits', () => waiting.has('a'))
    const closed = subscriber.close()
    broker.send(publish5('t', 'b', 2))
    await pause(30)
    expect([...waiting.keys()]).toEqual(['a'])
    waiting.get('a')?.resolve()
    await closed
    await until('it is acknowledged', () => broker.acknowledged.length === 1)
    expect(broker.acknowledged).toEqual([1])
  })

  it('gives up connecting when it is closed meanwhile', async () => {
    const { subscriber } = await open({}, { timing: { firstWaitMs: 1, longestWaitMs: 1 } })
    await broker.close()
    await until('it is gone', () => !subscriber.stats().connected)
    await subscriber.close()
    expect(subscriber.stats()).toMatchObject({ connected: false })
  })
})
