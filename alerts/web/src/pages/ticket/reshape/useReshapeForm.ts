import { notifications } from '@mantine/notifications'
import { useLocation } from 'wouter'
import { type Reshaping, useReshape } from '../../../api/actions.ts'
import type { Ticket } from '../../../api/types.ts'
import { useActor } from '../../../components/useActor.ts'
import { links } from '../../../lib/links.ts'

/** Sends it, says what became of it and goes on with the ticket that is to be gone on with. */
export function useReshapeForm(ticket: Ticket, close: () => void, said: (next: Ticket) => string) {
  const [actor] = useActor()
  const [, go] = useLocation()
  const reshape = useReshape(ticket, actor)
  const send = (wish: Reshaping) =>
    reshape.mutate(wish, {
      onSuccess: (next) => {
        close()
        notifications.show({ message: said(next) })
        if (next.id !== ticket.id) go(links.ticket(next.id))
      },
    })
  return { send, error: reshape.error, busy: reshape.isPending }
}
