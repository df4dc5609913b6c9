import { useMemo } from 'react'
import { useDevices } from '../api/queries.ts'

/** Every site that has a device, in order. */
export function useSites(): readonly string[] {
  const { data } = useDevices()
  return useMemo(() => [...new Set(data?.map((device) => device.site))].sort(), [data])
}
