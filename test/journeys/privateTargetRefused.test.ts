import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeliveryView, ReceiverView } from '../../alerts/http/schemas/index.ts'
import { type HookReceiver, startHookReceiver } from '../support/hookReceiver.ts'
import { type OutgoingPlant, startOutgoingPlant } from '../support/outgoingPlant.ts'

/*
 * 10:00 somebody adds receivers whose addresses lie inside the plant: refused, with what would allow them · 10:10 a name that
 * leads to this very machine is taken, for nobody has looked it up yet, and nothing is sent to it · 10:20 an allowed receiver
 * answers with a redirect to a refused one: it is not followed.
 */
const elsewhere = '127.0.0.3'
let plant: OutgoingPlant
let inside: HookReceiver
let allowed: HookReceiver
beforeAll(async () => {
  ;[inside, allowed] = await Promise.all([startHookReceiver(), startHookReceiver(elsewhere)])
  plant = await startOutgoingPlant({ outgoing: { allowPrivate: [elsewhere] } })
}, 120_000)
afterAll(async () => {
  await plant.close()
  await Promise.all([inside.close(), allowed.close()])
})

it('sends nothing to where it is not allowed to', async () => {
  for (const host of [
    '127.0.0.2',
    '0x7f.2',
    '2130706434',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '169.254.169.254',
    '10.0.0.1',
  ]) {
    const adding = plant.webhook(inside.port, { url: `http://${host}:${inside.port}/` })
    await expect(adding, host).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      remedy: expect.stringContaining('outgoing.allowPrivate'),
    })
  }
  expect((await plant.api.get<{ receivers: ReceiverView[] }>('/api/receivers')).receivers).toEqual([])

  const named = await plant.webhook(inside.port, { url: `http://localhost:${inside.port}/` })
  const test = (id: number) => plant.api.post<DeliveryView>(`/api/receivers/${id}/test`, {})
  expect(await test(named.id)).toMatchObject({
    state: 'given_up',
    tries: [{ ok: false, code: null, problem: expect.stringMatching(/localhost/) }],
  })

  const redirecting = await plant.webhook(0, { url: `http://${elsewhere}:${allowed.port}/` })
  allowed.answers(307, { location: `http://127.0.0.2:${inside.port}/` })
  expect(await test(redirecting.id)).toMatchObject({
    state: 'given_up',
    tries: [{ ok: false, code: 307, problem: expect.stringContaining('redirects are not followed') }],
  })
  expect(allowed.arrived).toHaveLength(1)
  expect(inside.arrived).toEqual([])
}, 60_000)
