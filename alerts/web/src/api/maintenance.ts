import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, postJson } from './client.ts'
import { keys } from './keys.ts'
import type { MaintenanceBody, MaintenanceList, MaintenanceView } from './types.ts'

/** Times in which devices are worked on: those in force and to come. */
export const useMaintenance = () =>
  useQuery({
    queryKey: keys.maintenance,
    queryFn: ({ signal }) => getJson<MaintenanceList>('/api/maintenance', signal),
    select: ({ maintenance }) => maintenance.filter(({ state }) => state !== 'over'),
    refetchInterval: 30_000,
  })

function useGoneStale() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [keys.maintenance, ['decisions'], keys.devices].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

export function useAddMaintenance() {
  const onSuccess = useGoneStale()
  return useMutation({
    mutationFn: (body: MaintenanceBody) => postJson<MaintenanceView>('/api/maintenance', body),
    onSuccess,
  })
}

export function useEndMaintenance(actor: string) {
  const onSuccess = useGoneStale()
  return useMutation({
    mutationFn: (id: number) => postJson<MaintenanceView>(path`/api/maintenance/${id}/end`, { actor }),
    onSuccess,
  })
}
