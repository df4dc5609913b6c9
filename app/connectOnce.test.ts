import { afterEach, expect, it } from 'vitest'
import { memoryLog, openWayIn, type WayIn } from '../ingest/broker/testing.ts'
import { connectOnce } from './connectOnce.ts'

const password = 'k3v9-0aMx_27qLpZ'
let wayIn: WayIn
afterEach(() => wayIn.close())

it('connects with the user and password of the URL', async () => {
  wayIn = await openWayIn(memoryLog(), { users: [`line-1:${password}`] })
  const client = await connectOnce(`mqtt://line-1:${password}@127.0.0.1:${wayIn.broker.port}`)
  expect(wayIn.broker.stats()).toMatchObject({ clients: 1, refused: 0 })
  await client.endAsync()
})

it.each([
  ['the wrong password', 'line-1:wrong-wrong-wrong@', /Bad username or password/],
  ['no user', '', /Not authorized/],
])('names a broker that refuses %s, and not the password', async (_name, user, problem) => {
  wayIn = await openWayIn(memoryLog(), { users: [`line-1:${password}`] })
  const refused = connectOnce(`mqtt://${user}127.0.0.1:${wayIn.broker.port}`)
  await expect(refused).rejects.toMatchObject({
    code: 'BROKER_UNAVAILABLE',
    message: expect.stringMatching(problem),
    remedy: expect.stringContaining('user:password@'),
  })
  await expect(refused).rejects.not.toThrow('wrong-wrong')
})

it('names a place where nobody is, without waiting', async () => {
  wayIn = await openWayIn()
  const { port } = wayIn.broker
  await wayIn.broker.close()
  await expect(connectOnce(`mqtt://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'BROKER_UNAVAILABLE',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  })
})
