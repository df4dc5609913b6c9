import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react'
import type { Connection, LiveStream } from './liveStream.ts'
import type { LiveEvent } from './types.ts'

const LiveContext = createContext<LiveStream | null>(null)

export const LiveProvider = ({ stream, children }: { stream: LiveStream; children: ReactNode }) => (
  <LiveContext value={stream}>{children}</LiveContext>
)

function useStream(): LiveStream {
  const stream = useContext(LiveContext)
  if (!stream) throw new Error('LiveProvider is missing above this component')
  return stream
}

export function useConnection(): Connection {
  const stream = useStream()
  return useSyncExternalStore(stream.onConnection, stream.connection)
}

/** Calls `handler` for every live event while the component is shown; it may close over changing values. */
export function useLiveEvents(handler: (event: LiveEvent) => void): void {
  const stream = useStream()
  const newest = useRef(handler)
  useEffect(() => {
    newest.current = handler
  })
  useEffect(() => stream.onEvent((event) => newest.current(event)), [stream])
}
