import './styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/client.ts'
import { LiveProvider } from './api/live.tsx'
import { openLiveStream } from './api/liveStream.ts'
import { App } from './app.tsx'
import { theme, variables } from './theme.ts'

/** What the server refused stays refused; only a missing answer or its trouble is worth another try. */
const worthAnotherTry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500)

const client = new QueryClient({
  defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 2000 } },
})
const stream = openLiveStream('/api/live')

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <LiveProvider stream={stream}>
          <Notifications position="top-right" limit={4} />
          <App />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
