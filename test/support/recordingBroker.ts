import { createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'

export interface Recorded {
  readonly topic: string
  readonly payload: string
}

/**
 * A plain aedes broker as a dev peer: it keeps every message that it took responsibility for, in order, and can be
 * made to fail as brokers do.
 */
export interface RecordingBroker {
  readonly url: string
  /** Every message accepted, redeliveries included. */
  readonly messages: readonly Recorded[]
  /** Cuts every connection; `refuseFor` milliseconds pass before new ones are taken. */
  cut(refuseFor?: number): Promise<void>
  /** Holds back acknowledgements until the returned function is called. */
  hold(): () => void
  /** Accepts the next so many messages, but cuts the connection instead of acknowledging the last of them. */
  cutInsteadOfAck(after: number): void
  /** Answers CONNECT with "server unavailable" until the returned function is called. */
  turnAway(): () => void
  turnedAway(): number
  close(): Promise<void>
}

export async function startRecordingBroker(): Promise<RecordingBroker> {
  const messages: Recorded[] = []
  const sockets = new Set<Socket>()
  let held: (() => void)[] | undefined
  let countdown = Number.POSITIVE_INFINITY
  let closed = false
  let turned = 0

  const aedes = await Aedes.createBroker()
  aedes.authorizePublish = (_client, packet, callback) => {
    messages.push(record(packet))
    if (--countdown === 0) {
      for (const socket of sockets) socket.destroy()
      return
    }
    if (held) held.push(() => callback(null))
    else callback(null)
  }

  aedes.authenticate = (_client, _user, _password, done) => {
    if (closed) turned++
    const refusal = Object.assign(new Error('unavailable'), { returnCode: 3 })
    done(closed ? refusal : null, !closed)
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  const port = await listen(server, 0)

  return {
    url: `mqtt://127.0.0.1:${port}`,
    messages,
    async cut(refuseFor = 0) {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      await new Promise((resolve) => setTimeout(resolve, refuseFor))
      await listen(server, port)
    },
    hold() {
      held = []
      return () => {
        const release = held ?? []
        held = undefined
        for (const go of release) go()
      }
    },
    cutInsteadOfAck(after) {
      countdown = after
    },
    turnAway() {
      closed = true
      return () => {
        closed = false
      }
    },
    turnedAway: () => turned,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await new Promise<void>((resolve) => aedes.close(resolve))
    },
  }
}

const record = (packet: { topic: string; payload: Buffer | string }): Recorded => ({
  topic: packet.topic,
  payload: packet.payload.toString(),
})

const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
