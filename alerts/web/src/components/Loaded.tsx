import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemAlert } from './ProblemAlert.tsx'

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
  /** Height of what will stand here, px. */
  readonly height?: number
  readonly lines?: number
}

/** The three faces of anything that is read: on its way, refused, here. Old data stays while new data fails. */
export function Loaded<T>({ query, children, height = 44, lines = 5 }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <Skeleton key={line} height={height} radius="md" />
      ))}
    </Stack>
  )
}
