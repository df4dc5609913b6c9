import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../support/forewarnProcess.ts'
import { type OutgoingPlant, startOutgoingPlant } from '../support/outgoingPlant.ts'

/*
 * 07:00 the shift leader's address is added and tried · 07:30 a fault of a pump with an evil name is predicted: one e-mail, with
 * device and mode in its subject, and nothing of the name is HTML · 08:00 the mail server refuses for a while: the next e-mail comes after it.
 */
interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly source: string
}
const mails: Mail[] = []
let refusing = false
let server: SMTPServer
let plant: OutgoingPlant
beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'forewarn' && password === 'geheim'
        ? done(null, { user: username })
        : done(new Error('who?')),
    onData(stream, { envelope }, done) {
      let source = ''
      stream.setEncoding('utf8').on('data', (part: string) => {
        source += part
      })
      stream.on('end', () => {
        if (refusing) return done(Object.assign(new Error('try again later'), { responseCode: 451 }))
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), source })
        done(null, 'taken')
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  plant = await startOutgoingPlant({
    outgoing: { backoffMs: 300 },
    mail: { url: `smtp://forewarn:geheim@127.0.0.1:${port}`, from: 'Forewarn <forewarn@plant.example>' },
  })
}, 120_000)
afterAll(async () => {
  await plant.close()
  await new Promise<void>((resolve) => server.close(resolve))
})

/** Quoted-printable (RFC 2045, 6.7) read back. */
const decoded = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
const mailed = (count: number) =>
  until(
    async () => mails,
    (list) => list.length === count,
    15_000,
  )

it('writes to people', async () => {
  const { id } = await plant.api.post<{ id: number }>('/api/receivers', {
    kind: 'email',
    name: 'shift leader',
    to: ['shift@plant.example', 'anna@plant.example'],
    events: ['opened', 'resolved'],
  })
  expect(await plant.api.post(`/api/receivers/${id}/test`, {})).toMatchObject({
    state: 'delivered',
    tries: [{ code: 250, answer: '250 taken' }],
  })

  const { ticket } = await plant.predict('pump <img src=x> 1', { mode: 'cavitation' })
  const [, mail] = await mailed(2)
  expect(mail).toMatchObject({
    from: 'forewarn@plant.example',
    to: ['shift@plant.example', 'anna@plant.example'],
  })
  expect(mail!.source).toMatch(/^Subject: pump <img src=x> 1: cavitation \(new ticket\)\r?$/m)
  const content = decoded(mail!.source)
  expect(content).toContain('pump &lt;img src=x&gt; 1')
  expect(content.slice(content.indexOf('<html>'))).not.toContain('<img')
  expect(content).toContain(`https://forewarn.plant/tickets/${ticket.id}`)

  refusing = true
  await plant.step(ticket.id, 'resolve', { verdict: 'no_fault_found', note: 'nothing to be seen' })
  const waiting = () => plant.api.get<{ failures: number }>(`/api/receivers/${id}`)
  await until(waiting, ({ failures }) => failures > 0, 10_000)
  refusing = false
  const [, , last] = await mailed(3)
  expect(decoded(last!.source)).toContain('nothing to be seen')
  expect(await plant.deliveries(id)).toEqual(['test delivered', 'opened delivered', 'resolved delivered'])
}, 60_000)
