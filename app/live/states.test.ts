import { expect, it } from 'vitest'
import type { DeviceState } from '../../alerts/http/deps.ts'
import { readStates, StatesPoster, type StatesRedis } from './states.ts'

/** A hash in memory that can be away. */
function redis() {
  const kept = new Map<string, string>()
  const world = {
    kept,
    away: false,
    client: {
      hset: async (_key: string, values: Record<string, string>) => {
        if (world.away) throw new Error('connection lost')
        for (const [device, text] of Object.entries(values)) kept.set(device, text)
        return 0
      },
      hgetall: async () => Object.fromEntries(kept),
    } as unknown as StatesRedis,
  }
  return world
}

const state = (device: string, since: number): DeviceState => ({
  device,
  site: 'hall',
  assetType: 'pump',
  state: { state: 'not_scored', reason: 'silent', since },
})
const live = new Map([
  ['a', state('a', 1)],
  ['b', state('b', 1)],
])

it('posts what has changed, as it is by then', async () => {
  const { client, kept } = redis()
  const poster = new StatesPoster(client, () => live)
  poster.note([{ device: 'a' }])
  live.set('a', state('a', 2))
  await poster.post()
  expect([...kept.keys()]).toEqual(['a'])
  expect((await readStates(client)).get('a')).toEqual(state('a', 2))
})

it('posts again what could not be posted', async () => {
  const world = redis()
  const poster = new StatesPoster(world.client, () => live)
  poster.note([{ device: 'a' }])
  world.away = true
  await expect(poster.post()).rejects.toThrow('connection lost')
  world.away = false
  await poster.post()
  expect(world.kept.size).toBe(1)
})

it('tells a Redis that has forgotten everything of its own devices, not of those that another process scores', async () => {
  const { client, kept } = redis()
  const poster = new StatesPoster(client, () => live)
  poster.note([{ device: 'a' }])
  await poster.post()
  kept.clear()
  poster.noteAll()
  await poster.post()
  expect([...kept.keys()]).toEqual(['a'])
})

it('posts with the next round what changes while it writes', async () => {
  const { client, kept } = redis()
  const poster = new StatesPoster(
    {
      ...client,
      hset: async (...args: Parameters<typeof client.hset>) => {
        if (live.get('a')!.state !== fallenSilent.state) {
          live.set('a', fallenSilent)
          poster.note([{ device: 'a' }])
        }
        return client.hset(...args)
      },
    } as StatesRedis,
    () => live,
  )
  const fallenSilent = state('a', 99)
  poster.note([{ device: 'a' }])
  await poster.post()
  await poster.post()
  expect(JSON.parse(kept.get('a')!)).toEqual(fallenSilent)
})
