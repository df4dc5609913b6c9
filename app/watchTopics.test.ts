import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWayIn, type WayIn } from '../ingest/broker/testing.ts'
import { watchTopics } from './watchTopics.ts'

let wayIn: WayIn
beforeEach(async () => {
  wayIn = await openWayIn()
})
afterEach(() => wayIn.close())

const watching = (count: number, seconds = Number.POSITIVE_INFINITY) => {
  const heard: string[] = []
  const url = `mqtt://127.0.0.1:${wayIn.broker.port}`
  const ended = watchTopics({ url, topics: ['plant/+', 'spBv1.0/#'], count, seconds }, (topic, payload) =>
    heard.push(`${topic} ${Buffer.from(payload)}`),
  )
  return { heard, ended }
}

it('hears what existing publishers send to the embedded broker, as many as are asked for', async () => {
  const { heard, ended } = watching(2)
  const device = await wayIn.connect()
  const publishing = setInterval(() => {
    for (const topic of ['plant/1', 'other/1', 'plant/2']) device.publish(topic, topic)
  }, 20)
  expect(await ended).toBe(2)
  clearInterval(publishing)
  expect(heard).toHaveLength(2)
  for (const line of heard) expect(['plant/1 plant/1', 'plant/2 plant/2']).toContain(line)
})

it('ends when time is up, and says so when the broker hangs up', async () => {
  expect(await watching(1, 0.01).ended).toBe(0)
  const { ended } = watching(1)
  const refused = expect(ended).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  while (wayIn.broker.stats().clients === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await wayIn.broker.close()
  await refused
  wayIn = await openWayIn()
})

it('says so, too, when the broker hangs up instead of granting the subscription', async () => {
  const connack = Buffer.from([0x20, 2, 0, 0])
  const broker = createServer((socket) => {
    // the first packet is CONNECT, the second SUBSCRIBE
    socket.once('data', () => {
      socket.write(connack)
      socket.once('data', () => socket.destroy())
    })
  })
  await once(broker.listen(0, '127.0.0.1'), 'listening')
  const url = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`
  const watched = watchTopics({ url, topics: ['a'], count: 1, seconds: 5 }, () => {})
  await expect(watched).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  broker.close()
})
