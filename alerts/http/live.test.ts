import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../../core/clock.ts'
import type { LiveEvent, LiveScore } from '../../core/ports.ts'
import { createEventBus } from '../live/eventBus.ts'
import type { ServerDeps } from './deps.ts'
import { liveEvent } from './schemas/live.ts'
import { buildServer } from './server.ts'
import { createLiveHub, flushMs, heartbeatMs, type LiveStream, maxBacklogBytes } from './sse.ts'
import { makeScore, makeTicket, now } from './testing/fixtures.ts'
import { fakeWorld } from './testing/world.ts'

const servers: FastifyInstance[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

async function listen(changes: Partial<ServerDeps> = {}) {
  const { deps } = fakeWorld({ clock: systemClock, ...changes })
  const server = await buildServer(deps)
  servers.push(server)
  await server.listen({ host: '127.0.0.1', port: 0 })
  return { server, bus: deps.bus, port: (server.server.address() as AddressInfo).port }
}

/** Waits until `check` holds. */
async function until(check: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (check()) return
    await wait(10)
  }
  throw new Error(`waited 5 s for ${what}`)
}

/** A browser's EventSource, as far as these tests need one. */
class Listener {
  text = ''
  ended = false

  static open(port: number): Promise<{ reply: IncomingMessage; listener: Listener }> {
    return new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/api/live' }, (reply) => {
        const listener = new Listener()
        reply.setEncoding('utf8').on('data', (chunk: string) => {
          listener.text += chunk
        })
        reply.on('close', () => {
          listener.ended = true
        })
        reply.on('error', () => {})
        resolve({ reply, listener })
      })
        .on('error', reject)
        .end()
    })
  }

  /** The events so far, each checked against the schema that the page is typed by. */
  events() {
    const frames = this.text.split('\n\n').slice(0, -1)
    return frames.map((frame) => {
      const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame)!
      const event = liveEvent.parse(JSON.parse(data!))
      expect(event.kind).toBe(kind)
      return event
    })
  }
}

function scored(device: string, windowEnd: number): LiveScore {
  const { evidence: _evidence, publishedAt: _publishedAt, ...score } = makeScore({ device, windowEnd })
  return score
}

describe('over a socket', () => {
  it('greets, then sends tickets, states and scores as they come', async () => {
    const { bus, port } = await listen()
    const { reply, listener } = await Listener.open(port)
    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    await until(() => listener.events().length === 1, 'the greeting')
    bus.publish({ kind: 'ticket', ticket: makeTicket(), change: 'opened' })
    bus.publish({ kind: 'scores', scores: [scored('pump-1', 1)] })
    bus.publish({ kind: 'device', device: 'pump-2', state: { state: 'scored', windowEnd: 5 } })
    await until(() => listener.events().length === 4, 'the events')
    expect(listener.events().map((e) => e.kind)).toEqual(['hello', 'ticket', 'device', 'scores'])
    expect(listener.text).not.toContain('evidence')
  })

  it('ends its streams when the server closes, and lets it close', async () => {
    const { server, port } = await listen()
    const { listener } = await Listener.open(port)
    await until(() => listener.text !== '', 'the greeting')
    await server.close()
    await until(() => listener.ended, 'the end')
  })

  it('drops a client that does not read, and closes all the same', async () => {
    const { server, bus, port } = await listen()
    const socket = connect(port, '127.0.0.1')
    let closed = false
    socket.on('close', () => {
      closed = true
    })
    socket.on('error', () => {})
    socket.pause()
    socket.write('GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const { listener } = await Listener.open(port)
    await until(() => listener.events().length === 1, 'the reader')
    const connections = () =>
      new Promise<number>((resolve, reject) =>
        server.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      )
    expect(await connections()).toBe(2)
    // Each about 50 kB: the kernel's buffers take the first of them, then the backlog grows.
    const long = 'x'.repeat(50_000)
    let left = 2
    for (let i = 0; i < 1000 && left === 2; i++) {
      bus.publish({ kind: 'ticket', ticket: makeTicket({ device: long }), change: 'merged' })
      await wait(1)
      left = await connections()
    }
    expect(left).toBe(1)
    const before = listener.text.length
    bus.publish({ kind: 'ticket', ticket: makeTicket(), change: 'merged' })
    await until(() => listener.text.length > before, 'the reader to get more')
    socket.resume()
    await until(() => closed, 'the dropped socket')
  })

  it('refuses a request without a Host', async () => {
    const { port } = await listen()
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /api/tickets HTTP/1.0\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toContain('FORBIDDEN_ORIGIN')
  })
})

describe('hub', () => {
  class FakeStream implements LiveStream {
    text = ''
    writableLength = 0
    destroyed = false
    ended = false
    private readonly listeners: (() => void)[] = []
    write(text: string) {
      this.text += text
      return true
    }
    end() {
      this.ended = true
    }
    destroy() {
      this.destroyed = true
      for (const listener of this.listeners) listener()
    }
    on(_event: string, listener: () => void) {
      this.listeners.push(listener)
    }
    events() {
      return this.text
        .split('\n\n')
        .filter((f) => f.startsWith('event'))
        .map((f) => JSON.parse(f.slice(f.indexOf('data: ') + 6)) as LiveEvent)
    }
  }

  function start() {
    const clock = new ManualClock(now)
    const bus = createEventBus()
    const hub = createLiveHub({ bus, clock })
    const stream = new FakeStream()
    hub.join(stream)
    stream.text = ''
    /** Lets time pass and everything that waits for it happen. */
    const pass = async (ms: number) => {
      await wait(0)
      clock.advance(ms)
      await wait(0)
    }
    return { bus, hub, stream, pass }
  }

  it('sends scores at most four times a second, of each device the newest', async () => {
    const { bus, stream, pass } = start()
    for (let i = 0; i < 100; i++) bus.publish({ kind: 'scores', scores: [scored('a', i), scored('b', i)] })
    await pass(flushMs - 1)
    expect(stream.text).toBe('')
    await pass(1)
    const [event, ...rest] = stream.events()
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      kind: 'scores',
      scores: [
        { device: 'a', windowEnd: 99 },
        { device: 'b', windowEnd: 99 },
      ],
    })
    stream.text = ''
    await pass(flushMs)
    expect(stream.text).toBe('')
  })

  it('of a device’s states sends the last', async () => {
    const { bus, stream, pass } = start()
    bus.publish({ kind: 'device', device: 'a', state: { state: 'not_scored', reason: 'gap', since: 1 } })
    bus.publish({ kind: 'device', device: 'a', state: { state: 'scored', windowEnd: 2 } })
    await pass(flushMs)
    expect(stream.events()).toEqual([
      { kind: 'device', device: 'a', state: { state: 'scored', windowEnd: 2 } },
    ])
  })

  it('keeps a quiet stream alive with a comment', async () => {
    const { stream, pass } = start()
    await pass(heartbeatMs)
    expect(stream.text).toBe(': beat\n\n')
  })

  it('drops a client with a backlog and forgets it', async () => {
    const { bus, hub, stream, pass } = start()
    stream.writableLength = maxBacklogBytes + 1
    bus.publish({ kind: 'ticket', ticket: makeTicket(), change: 'opened' })
    await pass(0)
    expect({ destroyed: stream.destroyed, text: stream.text, size: hub.size }).toEqual({
      destroyed: true,
      text: '',
      size: 0,
    })
  })

  it('holds nothing back for nobody: who comes later starts afresh', async () => {
    const { bus, hub, stream, pass } = start()
    stream.destroy()
    bus.publish({ kind: 'scores', scores: [scored('a', 1)] })
    await pass(0)
    const later = new FakeStream()
    hub.join(later)
    await pass(flushMs)
    expect(later.events().map((e) => e.kind as string)).toEqual(['hello'])
  })

  it('ends everybody on close, at once those with a backlog, and takes nobody after', async () => {
    const { bus, hub, stream, pass } = start()
    const stuck = new FakeStream()
    hub.join(stuck)
    stuck.writableLength = 1
    hub.close()
    expect([stream.ended, stuck.ended, stuck.destroyed]).toEqual([true, false, true])
    const late = new FakeStream()
    hub.join(late)
    expect(late.ended).toBe(true)
    bus.publish({ kind: 'ticket', ticket: makeTicket(), change: 'opened' })
    await pass(heartbeatMs)
    expect(late.text).toBe('')
    expect(hub.size).toBe(0)
  })
})
