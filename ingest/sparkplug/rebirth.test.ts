import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { RebirthRequests } from './rebirth.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('asks each edge node once in ten seconds, and again at once where it could not be asked', async () => {
  const clock = new ManualClock(1_000)
  const topics: string[] = []
  let requested = 0
  let away = true
  const requests = new RebirthRequests({
    clock,
    publish: async (topic) => {
      if (away) throw new Error('not connected')
      topics.push(topic)
    },
    onRequested: () => requested++,
  })
  const ask = async (edge: string) => {
    requests.request({ group: 'g', edge })
    await turn()
  }
  await ask('e1')
  expect([topics, requested]).toEqual([[], 0])
  away = false
  for (const edge of ['e1', 'e1', 'e2']) await ask(edge)
  clock.advance(9_999)
  await ask('e1')
  clock.advance(1)
  await ask('e1')
  expect(topics).toEqual(['e1', 'e2', 'e1'].map((edge) => `spBv1.0/g/NCMD/${edge}`))
  expect(requested).toBe(3)
})
