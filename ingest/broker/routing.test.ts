import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { now, openWayIn, pump, pumpTopic, type WayIn } from './testing.ts'

let wayIn: WayIn
beforeEach(async () => {
  wayIn = await openWayIn()
})
afterEach(() => wayIn.close())

/** Publishes in this order and returns the topics that a subscriber to everything hears until the last. */
async function heard(...topics: string[]): Promise<string[]> {
  const [publisher, subscriber] = [await wayIn.connect(), await wayIn.connect()]
  const found: string[] = []
  const last = new Promise<void>((resolve) => {
    subscriber.on('message', (topic) => {
      found.push(topic)
      if (topic === topics.at(-1)) resolve()
    })
  })
  await subscriber.subscribeAsync('#')
  for (const topic of topics) await publisher.publishAsync(topic, JSON.stringify(pump(now)), { qos: 1 })
  await last
  return found
}

describe('routing on the embedded broker', () => {
  it('brings topics that are not of the contract to whoever else listens, and no telemetry', async () =>
    expect(
      await heard(pumpTopic('p1'), 'plant/p1/telemetry', 'spBv1.0/g/NCMD/e', 'forewarn/junk', 'end'),
    ).toEqual(['plant/p1/telemetry', 'spBv1.0/g/NCMD/e', 'end']))

  it('brings a command of ours to the edge node that listens', async () => {
    const edge = await wayIn.connect()
    await edge.subscribeAsync('spBv1.0/g/NCMD/e')
    const command = new Promise<string>((resolve) =>
      edge.once('message', (_topic, payload) => resolve(payload.toString())),
    )
    await wayIn.broker.publish('spBv1.0/g/NCMD/e', Buffer.from('rebirth'))
    expect(await command).toBe('rebirth')
  })
})
