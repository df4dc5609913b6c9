import { Badge } from '@mantine/core'
import type { Ticket } from '../api/types.ts'

/** A suggested ticket waits for a planner's word; nothing about it leaves by itself before. */
export const SuggestBadge = ({ ticket }: { ticket: Pick<Ticket, 'automation' | 'state'> }) =>
  ticket.automation === 'suggest' &&
  ticket.state === 'open' && (
    <Badge
      size="xs"
      variant="outline"
      color="gray"
      ml={8}
      tt="none"
      title="Suggested: nothing is sent before a planner acknowledges it"
    >
      suggested
    </Badge>
  )
