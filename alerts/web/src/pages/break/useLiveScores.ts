import { useMemo, useState } from 'react'
import { useLiveEvents } from '../../api/live.tsx'
import { useScores } from '../../api/queries.ts'
import type { LiveScore, StoredScore } from '../../api/types.ts'

/** Points that a chart keeps. */
const kept = 500

/** Kept scores and those that come in, oldest first. `pastMs`: how far back it starts. */
export function useLiveScores(device: string, pastMs: number) {
  const past = useScores(device, { ms: pastMs, until: undefined })
  const [live, setLive] = useState<readonly LiveScore[]>([])

  useLiveEvents((event) => {
    if (event.kind !== 'scores') return
    const own = event.scores.filter((s) => s.device === device && s.role !== 'challenger')
    if (own.length > 0) setLive((old) => [...old, ...own].slice(-kept))
  })

  const scores = useMemo(() => joinScores(past.data?.scores ?? [], live), [past.data, live])
  return { scores, newest: live.at(-1) }
}

/** Each window once, by time: kept scores may reach into the live ones. */
export function joinScores(past: readonly StoredScore[], live: readonly StoredScore[]): StoredScore[] {
  const byEnd = new Map([...past, ...live].map((s) => [s.windowEnd, s]))
  return [...byEnd.values()].sort((a, b) => a.windowEnd - b.windowEnd).slice(-kept)
}
