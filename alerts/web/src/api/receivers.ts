import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { deleteAt, getJson, path, postJson, putJson, query } from './client.ts'
import { keys } from './keys.ts'
import type {
  DeliveryList,
  DeliveryView,
  ReceiverBody,
  ReceiverChange,
  ReceiverList,
  ReceiverView,
} from './types.ts'

/** Who is told about tickets. */
export const useReceivers = () =>
  useQuery({
    queryKey: keys.receivers,
    queryFn: ({ signal }) => getJson<ReceiverList>('/api/receivers', signal),
    refetchInterval: 10_000,
  })

/** What became of the messages to one receiver, newest first. */
export const useDeliveries = (receiver: number) =>
  useQuery({
    queryKey: keys.deliveries(receiver),
    queryFn: ({ signal }) =>
      getJson<DeliveryList>(path`/api/receivers/${receiver}/deliveries` + query({ limit: 50 }), signal),
    select: ({ deliveries }) => deliveries,
    refetchInterval: 5_000,
  })

/** A change of one of them, and what it makes stale. */
function useChange<T, R>(mutationFn: (wish: T) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all([keys.receivers, ['deliveries']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

export const useAddReceiver = () =>
  useChange((body: ReceiverBody) => postJson<ReceiverView>('/api/receivers', body))

export const useChangeReceiver = (id: number) =>
  useChange((body: ReceiverChange) => putJson<ReceiverView>(path`/api/receivers/${id}`, body))

export const useRemoveReceiver = () => useChange((id: number) => deleteAt(path`/api/receivers/${id}`))

/** Sends at once; the answer says what came of it. */
export const useTestReceiver = () =>
  useChange((id: number) => postJson<DeliveryView>(path`/api/receivers/${id}/test`, {}))

export const useRedeliver = (id: number) =>
  useChange((delivery: number) =>
    postJson<DeliveryView>(path`/api/receivers/${id}/deliveries/${delivery}/redeliver`, {}),
  )
