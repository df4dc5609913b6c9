import type { LiveEvent } from './types.ts'

export type Connection = 'connecting' | 'open' | 'lost'

export interface LiveStream {
  connection(): Connection
  /** Both return the way to stop. */
  onEvent(handler: (event: LiveEvent) => void): () => void
  onConnection(handler: () => void): () => void
  close(): void
}

const kinds = ['hello', 'ticket', 'scores', 'device', 'notice'] as const
const firstWait = 1000
const longestWait = 15_000

/**
 * Server-sent events that come back by themselves. The browser's EventSource retries after a broken connection, but
 * gives up for good after a refused one (a restart behind a proxy): then this opens a new one, waiting ever longer.
 */
export function openLiveStream(url: string): LiveStream {
  const eventHandlers = new Set<(event: LiveEvent) => void>()
  const connectionHandlers = new Set<() => void>()
  let connection: Connection = 'connecting'
  let wait = firstWait
  let timer: ReturnType<typeof setTimeout> | undefined
  let source = open()

  function become(next: Connection) {
    if (next === connection) return
    connection = next
    for (const handler of connectionHandlers) handler()
  }

  function open(): EventSource {
    const opened = new EventSource(url)
    const receive = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as LiveEvent
      for (const handler of eventHandlers) handler(event)
    }
    for (const kind of kinds) opened.addEventListener(kind, receive)
    opened.onopen = () => {
      wait = firstWait
      become('open')
    }
    opened.onerror = () => {
      become('lost')
      if (opened.readyState !== EventSource.CLOSED) return
      timer = setTimeout(() => {
        source = open()
      }, wait)
      wait = Math.min(longestWait, wait * 2)
    }
    return opened
  }

  function listen<T>(handlers: Set<T>, handler: T): () => void {
    handlers.add(handler)
    return () => handlers.delete(handler)
  }

  return {
    connection: () => connection,
    onEvent: (handler) => listen(eventHandlers, handler),
    onConnection: (handler) => listen(connectionHandlers, handler),
    close() {
      clearTimeout(timer)
      source.close()
    },
  }
}
