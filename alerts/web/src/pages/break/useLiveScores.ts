import { useMemo, useState } from 'react'
import { useLiveEvents } from '../../api/live.tsx'
import { useDevice, useScoresSince } from '../../api/queries.ts'
import type { LiveScore } from '../../api/types.ts'
import { joinScores } from './joinScores.ts'

/** Most that is kept of what comes in; more than a chart has columns. */
const kept = 1500

/** Kept scores and those that come in, oldest first, over the newest `spanMs` of the machine's time. */
export function useLiveScores(device: string, spanMs: number) {
  const first = useFirstReadingTime(device)
  const past = useScoresSince(device, first === undefined ? undefined : first - spanMs)
  const [live, setLive] = useState<readonly LiveScore[]>([])

  useLiveEvents((event) => {
    if (event.kind !== 'scores') return
    const own = event.scores.filter((s) => s.device === device && s.role !== 'challenger')
    if (own.length > 0) setLive((old) => [...old, ...own].slice(-kept))
  })

  const scores = useMemo(() => joinScores(past.data?.scores ?? [], live, spanMs), [past.data, live, spanMs])
  return { scores, newest: live.at(-1) }
}

/** Time of the device's newest reading when it was first looked at: where the past ends and the live scores begin. */
function useFirstReadingTime(device: string): number | undefined {
  const newest = useDevice(device).data?.latest?.time
  const [first, setFirst] = useState(newest)
  if (first === undefined && newest !== undefined) setFirst(newest)
  return first
}
