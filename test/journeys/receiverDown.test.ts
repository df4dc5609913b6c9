import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReceiverView } from '../../alerts/http/schemas/index.ts'
import { until } from '../support/forewarnProcess.ts'
import { type HookReceiver, startHookReceiver } from '../support/hookReceiver.ts'
import { type OutgoingPlant, startOutgoingPlant } from '../support/outgoingPlant.ts'

/*
 * 08:00 the maintenance system is told of a ticket · 08:05 it is gone, a second one hangs without a word · 08:10 two faults are
 * predicted and a planner works on them: the tickets are there at once, and a third receiver hears of them at once ·
 * 08:20 forewarn is restarted · 08:30 the maintenance system is back: everything arrives once more, in order.
 */
let plant: OutgoingPlant
let dead: HookReceiver
let hanging: HookReceiver
let well: HookReceiver
beforeAll(async () => {
  ;[dead, hanging, well] = await Promise.all([startHookReceiver(), startHookReceiver(), startHookReceiver()])
  plant = await startOutgoingPlant({
    outgoing: { allowPrivate: ['127.0.0.1'], backoffMs: 400, timeoutMs: 8_000 },
  })
}, 120_000)
afterAll(async () => {
  await plant.close()
  await Promise.all([dead.close(), hanging.close(), well.close()])
})

const told = ({ arrived }: HookReceiver) =>
  arrived.map(({ body }) => `${body.type} ${body.data.ticket?.device}`)

it('loses and delays nothing while a receiver is down', async () => {
  const receivers = [
    await plant.webhook(dead.port),
    await plant.webhook(hanging.port),
    await plant.webhook(well.port),
  ]
  hanging.answers('silent')

  const first = await plant.predict('pump-1')
  await until(
    async () => told(dead),
    (list) => list.length === 1,
    10_000,
  )

  await dead.die()
  const second = await plant.predict('pump-2')
  const third = await plant.predict('pump-3')
  await plant.step(second.ticket.id, 'acknowledge')
  await plant.step(first.ticket.id, 'resolve', { verdict: 'false_alarm' })
  // as long as the one that hangs is waited for
  for (const { ms } of [second, third]) expect(ms).toBeLessThan(8_000)

  const everything = [
    'ticket.opened pump-1',
    'ticket.opened pump-2',
    'ticket.opened pump-3',
    'ticket.acknowledged pump-2',
    'ticket.resolved pump-1',
  ]
  await until(
    async () => told(well),
    (list) => list.length === everything.length,
    10_000,
  )
  expect(told(well)).toEqual(everything)

  const down = () => plant.api.get<ReceiverView>(`/api/receivers/${receivers[0]!.id}`)
  expect((await until(down, ({ failures }) => failures >= 2, 10_000)).nextTryAt).not.toBeNull()
  await plant.restart()
  expect(told(dead)).toEqual(everything.slice(0, 1))

  await dead.back()
  await until(
    async () => told(dead),
    (list) => list.length === everything.length,
    20_000,
  )
  expect(told(dead)).toEqual(everything)
  await until(down, ({ failures }) => failures === 0, 5_000)
  expect(new Set(await plant.deliveries(receivers[0]!.id))).toEqual(
    new Set(['opened delivered', 'acknowledged delivered', 'resolved delivered']),
  )
  expect(told(well)).toEqual(everything)
}, 60_000)
