import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookBody } from '../../alerts/outgoing/payload.ts'

export interface Arrived {
  readonly at: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: WebhookBody
}

export interface HookReceiver {
  readonly port: number
  /** Everything that came, refused or not, oldest first. */
  readonly arrived: readonly Arrived[]
  /** What it answers from now on; `silent`: it takes the request and says nothing. */
  answers(how: number | 'silent', headers?: Readonly<Record<string, string>>): void
  /** Its port is closed until `back`. */
  die(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}

/** A system that is told about tickets, on a port of this machine. */
export async function startHookReceiver(host = '127.0.0.1'): Promise<HookReceiver> {
  const arrived: Arrived[] = []
  let answer: number | 'silent' = 204
  let extra: Readonly<Record<string, string>> = {}
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += part
    arrived.push({ at: Date.now(), headers: request.headers, text, body: JSON.parse(text) })
    if (answer !== 'silent') response.writeHead(answer, { connection: 'close', ...extra }).end()
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, host, resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    arrived,
    answers(how, headers = {}) {
      answer = how
      extra = headers
    },
    die: close,
    back: () => listen(port),
    close: () => (server.listening ? close() : Promise.resolve()),
  }
}
