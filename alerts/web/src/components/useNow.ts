import { useEffect, useState } from 'react'
import { onServerTime, serverNow } from '../lib/clock.ts'

/** The server's time, which moves on every `everyMs`, for ages. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const look = () => setNow(serverNow())
    const timer = setInterval(look, everyMs)
    const stop = onServerTime(look)
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [everyMs])
  return now
}
