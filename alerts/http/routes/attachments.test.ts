import { afterAll, expect, it } from 'vitest'
import { parseConfig } from '../../../core/config.ts'
import type { Attachment, TicketDetail } from '../schemas/index.ts'
import { closeServers, serve } from '../testing/server.ts'

afterAll(closeServers)
const bytes = { 'content-type': 'application/octet-stream' }
const upload = (name: string, payload: string | Buffer, headers: object = bytes) =>
  ({
    method: 'POST',
    url: `/api/tickets/1/attachments?actor=Ada&name=${encodeURIComponent(name)}`,
    headers: { ...headers },
    payload,
  }) as const

it('goes up, down and away', async () => {
  const { server, get } = await serve()
  const up = await server.inject(upload('Prüf "1".txt', 'it hums'))
  expect(up.statusCode).toBe(200)
  const { id } = up.json<Attachment>()
  expect((await get<TicketDetail>('/api/tickets/1')).attachments).toMatchObject([
    { id, name: 'Prüf "1".txt', type: 'text/plain', bytes: 7, actor: 'Ada' },
  ])
  const down = await server.inject(`/api/tickets/1/attachments/${id}`)
  expect(down.body).toBe('it hums')
  expect(down.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename*=UTF-8''Pr%C3%BCf%20%221%22.txt`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  const away = await server.inject({ method: 'DELETE', url: `/api/tickets/1/attachments/${id}?actor=Ada` })
  expect(away.json()).toEqual({ ok: true })
  expect((await server.inject(`/api/tickets/1/attachments/${id}`)).statusCode).toBe(404)
})

it('is refused when it is too large, no file, or comes as a form or as JSON would', async () => {
  const { server } = await serve()
  const statusOf = async (wish: ReturnType<typeof upload>) => (await server.inject(wish)).statusCode
  expect(await statusOf(upload('a.txt', 'x'.repeat(1001)))).toBe(413)
  expect(await statusOf(upload('a.html', 'x'))).toBe(400)
  expect(await statusOf(upload('a.txt', 'x', { 'content-type': 'text/plain' }))).toBe(415)
  expect(await statusOf(upload('a.txt', '{}', { 'content-type': 'application/json' }))).toBe(400)
  expect(await statusOf(upload('', 'x'))).toBe(400)
})

it('is brought by the name of the token where nobody says who', async () => {
  const { http } = parseConfig({ http: { tokens: ['office:0123456789abcdef'] } })
  const { server } = await serve({ http: { ...http, port: 0 } })
  const authorization = 'Bearer 0123456789abcdef'
  const reply = await server.inject({
    ...upload('a.txt', 'x', { ...bytes, authorization }),
    url: '/api/tickets/1/attachments?name=a.txt',
  })
  expect(reply.json<Attachment>()).toMatchObject({ actor: 'office' })
})
