import { Badge } from '@mantine/core'
import type { Ticket } from '../api/types.ts'
import { stateColors, stateLabels } from '../lib/ticketWords.ts'

export const StateBadge = ({ state }: { state: Ticket['state'] }) => (
  <Badge
    color={stateColors[state]}
    variant="light"
    size="md"
    radius="sm"
    tt="none"
    fw={600}
    data-state={state}
  >
    {stateLabels[state]}
  </Badge>
)
