import { useState } from 'react'
import type { SimulatedPump } from '../../api/types.ts'
import type { Moment } from '../../components/charts/FanChart.tsx'

const labels: Readonly<Record<SimulatedPump['state'], string>> = {
  breaking: 'fault begins',
  failed: 'failed',
  running: 'repaired',
}

/** When the machine changed its state, as far as it was watched; the state it was met in counts unless it was running. */
export function useMoments({ state, since }: SimulatedPump): readonly Moment[] {
  const [seen, setSeen] = useState({ state, since })
  const [moments, setMoments] = useState<readonly Moment[]>(
    state === 'running' ? [] : [{ at: since, label: labels[state] }],
  )
  if (seen.state !== state) {
    setSeen({ state, since })
    setMoments([...moments, { at: since, label: labels[state] }])
  }
  return moments
}
