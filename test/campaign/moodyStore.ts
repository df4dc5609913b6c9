import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../edge/simulator/random.ts'

export type StoreMood = 'ok' | 'slow' | 'errors' | 'silent'

/** An HTTP server in front of InfluxDB that answers as a store in trouble does. */
export interface MoodyStore {
  readonly port: number
  mood: StoreMood
  /** Requests that were treated badly so far. */
  misused(): number
  close(): Promise<void>
}

const slowMs = 400
const share = 0.8

/** Passes requests on to the server at `port`. */
export async function startMoodyStore(port: number, random: Random): Promise<MoodyStore> {
  let misused = 0
  const store: MoodyStore = {
    port: 0,
    mood: 'ok',
    misused: () => misused,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  const server = createServer(async (asked, answer) => {
    const body = await bodyOf(asked)
    const { mood } = store
    if (mood !== 'ok') misused++
    if (mood === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs))
    // held until the mood is better, or until the client has had enough of it
    while (store.mood === 'silent') await new Promise((resolve) => setTimeout(resolve, 20))
    const fails = mood === 'errors' && random.chance(share)
    // half of the failures come after the fact: the points are there, the answer is lost
    if (fails && random.chance(0.5)) return refuse(answer)
    await forward(asked, body, port, answer, fails)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(store, { port: (server.address() as AddressInfo).port })
}

async function bodyOf(asked: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of asked) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

function refuse(answer: ServerResponse): void {
  answer.writeHead(503, { 'content-type': 'application/json' })
  answer.end(JSON.stringify({ error: 'request throttled, queue full' }))
}

function forward(
  asked: IncomingMessage,
  body: Buffer,
  port: number,
  answer: ServerResponse,
  loseAnswer: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const cut = () => {
      answer.destroy()
      resolve()
    }
    const headers: OutgoingHttpHeaders = { ...asked.headers, 'content-length': body.length }
    delete headers['transfer-encoding']
    const to = { host: '127.0.0.1', port, method: asked.method, path: asked.url, headers }
    const passed = request(to, (given) => {
      given.on('error', cut)
      if (loseAnswer) return void given.resume().once('end', cut)
      answer.writeHead(given.statusCode!, given.headers)
      given.pipe(answer)
      answer.once('close', resolve)
    })
    passed.on('error', cut)
    passed.end(body)
  })
}
