import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { Link } from 'wouter'
import type { Ticket } from '../../api/types.ts'
import { links } from '../../lib/links.ts'
import { useModeLabel } from '../useAssetTypes.ts'

/** Says that a ticket was opened, on whatever page the planner is. */
export function useTicketNotice(): (ticket: Ticket) => void {
  const modeLabel = useModeLabel()
  return useCallback(
    (ticket) => {
      notifications.show({
        id: `ticket-${ticket.id}`,
        color: 'orange',
        title: `New ticket: ${ticket.device}`,
        message: (
          <Anchor component={Link} href={links.ticket(ticket.id)} size="sm">
            #{ticket.id} {modeLabel(ticket.assetType, ticket.mode)}, {ticket.site}
          </Anchor>
        ),
      })
    },
    [modeLabel],
  )
}
