import { afterAll, describe, expect, it } from 'vitest'
import type { DeliveryList, DeliveryView, ReceiverList, ReceiverView } from '../schemas/receivers.ts'
import { closeServers, serve } from '../testing/server.ts'

afterAll(closeServers)

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const webhook = { kind: 'webhook', name: 'cmms', url: 'https://cmms.example/hook', secret }

describe('receivers', () => {
  it('are added with the usual wishes, changed and removed, and never tell their secret', async () => {
    const { get, post, server } = await serve()
    const added = await post<ReceiverView>('/api/receivers', webhook)
    expect(added).toMatchObject({
      id: 1,
      enabled: true,
      events: ['opened', 'revised', 'resolved', 'withdrawn'],
      nextTryAt: null,
    })
    const change = { ...webhook, name: 'CMMS', events: ['opened'], secret: undefined }
    const changed = await server.inject({ method: 'PUT', url: '/api/receivers/1', payload: change })
    expect(changed.json()).toMatchObject({ name: 'CMMS', events: ['opened'] })
    const list = await server.inject('/api/receivers')
    expect(list.json<ReceiverList>().receivers).toEqual([changed.json()])
    for (const { body } of [list, changed, await server.inject('/api/receivers/1')]) {
      expect(body).not.toContain(secret.slice(6))
    }
    expect((await server.inject({ method: 'DELETE', url: '/api/receivers/1' })).json()).toEqual({ ok: true })
    expect(await get('/api/receivers/1', 404)).toMatchObject({ code: 'RECEIVER_UNKNOWN' })
  })

  it('are refused where their address is not public, or their secret no key', async () => {
    const { post } = await serve()
    for (const url of [
      'http://127.0.0.1/',
      'http://[::ffff:10.0.0.1]/',
      'http://169.254.169.254/latest',
      'ftp://x',
    ]) {
      expect(await post('/api/receivers', { ...webhook, url }, 400)).toMatchObject({ code: 'TARGET_REFUSED' })
    }
    const short = await post('/api/receivers', { ...webhook, secret: 'password' }, 400)
    expect(short).toMatchObject({ code: 'REQUEST_INVALID', errors: [{ path: 'body/secret' }] })
  })

  it('need a secret when an e-mail address becomes a webhook, and a mail server the other way round', async () => {
    const { deps, post, server } = await serve()
    const email = { kind: 'email', name: 'Anna', to: ['anna@plant.example'] }
    await post('/api/receivers', email)
    const payload = { ...webhook, secret: undefined }
    const refused = await server.inject({ method: 'PUT', url: '/api/receivers/1', payload })
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }])
    const without = await serve({ outgoing: { ...deps.outgoing, mail: false } })
    expect(await without.post('/api/receivers', email, 409)).toMatchObject({ code: 'MAIL_UNCONFIGURED' })
  })

  it('are sent a test, which stands among their deliveries and can be sent again', async () => {
    const { get, post } = await serve()
    await post('/api/receivers', webhook)
    const sent = await post<DeliveryView>('/api/receivers/1/test')
    expect(sent).toMatchObject({ event: 'test', state: 'delivered', tries: [{ ok: true, code: 204 }] })
    expect((await get<DeliveryList>('/api/receivers/1/deliveries?limit=5')).deliveries).toEqual([sent])
    expect(await post('/api/receivers/1/deliveries/1/redeliver')).toMatchObject({ state: 'pending' })
    expect(await post('/api/receivers/1/deliveries/7/redeliver', {}, 404)).toMatchObject({
      code: 'DELIVERY_UNKNOWN',
    })
  })
})
