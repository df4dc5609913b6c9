import { useEffect, useState } from 'react'
import { serverNow } from '../lib/clock.ts'

/** The server's time, which moves on every `everyMs`, for ages. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
