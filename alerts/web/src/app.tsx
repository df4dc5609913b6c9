import { Route, Switch } from 'wouter'
import { useLiveCache } from './api/useLiveCache.ts'
import { Shell } from './components/shell/Shell.tsx'
import { useTicketNotice } from './components/shell/useTicketNotice.tsx'
import { BreakPage } from './pages/break/BreakPage.tsx'
import { DevicePage } from './pages/device/DevicePage.tsx'
import { FleetPage } from './pages/fleet/FleetPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { ReceiversPage } from './pages/receivers/ReceiversPage.tsx'
import { TicketPage } from './pages/ticket/TicketPage.tsx'
import { TicketsPage } from './pages/tickets/TicketsPage.tsx'

export function App() {
  const announce = useTicketNotice()
  useLiveCache(announce)
  return (
    <Shell>
      <Switch>
        <Route path="/" component={TicketsPage} />
        <Route path="/tickets">
          <TicketsPage />
        </Route>
        <Route path="/tickets/:id">{({ id }) => <TicketPage key={id} id={Number(id)} />}</Route>
        <Route path="/fleet" component={FleetPage} />
        <Route path="/devices/:device">
          {({ device }) => <DevicePage key={device} device={decodeURIComponent(device)} />}
        </Route>
        <Route path="/receivers" component={ReceiversPage} />
        <Route path="/break" component={BreakPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </Shell>
  )
}
