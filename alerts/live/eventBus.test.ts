import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { LiveEvent } from '../../core/ports.ts'
import { createEventBus } from './eventBus.ts'

const event = (device: string): LiveEvent => ({
  kind: 'device',
  device,
  state: { state: 'scored', windowEnd: 1 },
})
const deviceOf = (e: LiveEvent) => (e.kind === 'device' ? e.device : e.kind)

it('delivers every event to every subscriber, in order, after publish has returned', async () => {
  const bus = createEventBus()
  const heard: string[][] = [[], []]
  for (const list of heard) bus.subscribe((e) => list.push(deviceOf(e)))
  bus.publish(event('a'))
  bus.publish(event('b'))
  expect(heard).toEqual([[], []])
  await nextTurn()
  expect(heard).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
})

it('goes on when a subscriber throws or rejects, and reports it', async () => {
  const errors: unknown[] = []
  const bus = createEventBus((thrown) => errors.push(thrown))
  const heard: string[] = []
  bus.subscribe(() => {
    throw new Error('thrown')
  })
  bus.subscribe(async () => {
    throw new Error('rejected')
  })
  bus.subscribe((e) => heard.push(deviceOf(e)))
  bus.publish(event('a'))
  await nextTurn()
  expect(heard).toEqual(['a'])
  expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected'])
})

it('does not make anybody wait for a slow subscriber', async () => {
  const bus = createEventBus()
  const heard: string[] = []
  bus.subscribe(() => new Promise<void>(() => {}))
  bus.subscribe((e) => heard.push(deviceOf(e)))
  bus.publish(event('a'))
  bus.publish(event('b'))
  await nextTurn()
  expect(heard).toEqual(['a', 'b'])
})

it('sends nothing more after unsubscribing, not even what was under way', async () => {
  const bus = createEventBus()
  const heard: string[] = []
  const handler = (e: LiveEvent) => void heard.push(deviceOf(e))
  const stopFirst = bus.subscribe(handler)
  bus.subscribe(handler)
  bus.publish(event('a'))
  stopFirst()
  await nextTurn()
  expect(heard).toEqual(['a'])
})
