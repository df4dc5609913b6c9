import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeliveryList, DeliveryView } from '../../alerts/http/schemas/index.ts'
import { until } from '../support/forewarnProcess.ts'
import { type HookReceiver, startHookReceiver } from '../support/hookReceiver.ts'
import { type OutgoingPlant, startOutgoingPlant } from '../support/outgoingPlant.ts'

/*
 * 09:00 a receiver is added and tried · 09:10 a fault is predicted: the receiver can prove who told it and when, and finds
 * its way to the ticket · 09:20 another site's fault is none of its business · 09:30 what it lost is sent again, under the same id.
 */
let plant: OutgoingPlant
let hook: HookReceiver
beforeAll(async () => {
  hook = await startHookReceiver()
  plant = await startOutgoingPlant({ outgoing: { allowPrivate: ['127.0.0.0/8'], backoffMs: 300 } })
}, 120_000)
afterAll(async () => {
  await plant.close()
  await hook.close()
})

/** As docs/webhooks.md says. */
function signatureOf(headers: Record<string, unknown>, text: string): string {
  const key = Buffer.from(plant.secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

it('tells what can be verified, filtered and sent again', async () => {
  const { id } = await plant.webhook(hook.port, { sites: ['north'] })
  const tried = await plant.api.post<DeliveryView>(`/api/receivers/${id}/test`, {})
  expect(tried).toMatchObject({ state: 'delivered', tries: [{ code: 204 }] })
  expect(hook.arrived[0]!.body).toMatchObject({ type: 'test', data: { ticket: null } })

  await plant.predict('pump-9', { site: 'south' })
  const { ticket } = await plant.predict('pump-1')
  await until(
    async () => hook.arrived.length,
    (count) => count === 2,
    10_000,
  )
  const { headers, text, body, at } = hook.arrived[1]!
  expect(headers['webhook-signature']).toBe(signatureOf(headers, text))
  expect(signatureOf(headers, `${text} `)).not.toBe(headers['webhook-signature'])
  expect(Math.abs(at / 1_000 - Number(headers['webhook-timestamp']))).toBeLessThan(5)
  expect(body.type).toBe('ticket.opened')
  expect(body.data.ticket).toMatchObject({ id: ticket.id, device: 'pump-1', state: 'open', version: 1 })
  expect(text).not.toContain('evidence')
  expect(body.data.link).toBe(`https://forewarn.plant/tickets/${ticket.id}`)

  const listed = await plant.api.get<DeliveryList>(`/api/receivers/${id}/deliveries`)
  expect(JSON.stringify(listed)).not.toContain(plant.secret.slice(6))
  const again = `/api/receivers/${id}/deliveries/${listed.deliveries[0]!.id}/redeliver`
  await plant.api.post(again, {})
  await until(
    async () => hook.arrived.length,
    (count) => count === 3,
    10_000,
  )
  expect(hook.arrived[2]!.headers['webhook-id']).toBe(headers['webhook-id'])
  expect(hook.arrived[2]!.text).toBe(text)
}, 60_000)
