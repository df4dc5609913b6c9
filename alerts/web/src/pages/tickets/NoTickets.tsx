import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { Card } from '../../components/Card.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { IconCircleCheck, IconFilterOff } from '../../components/icons.ts'
import { links } from '../../lib/links.ts'

/** `narrowed`: there may be tickets, but none that fits the filter. */
export const NoTickets = ({ narrowed }: { narrowed: boolean }) => (
  <Card testId="no-tickets">
    {narrowed ? (
      <EmptyNote
        title="No ticket fits the filter"
        icon={<IconFilterOff size={28} stroke={1.5} aria-hidden />}
      >
        Choose another state or site, or clear the search.
      </EmptyNote>
    ) : (
      <EmptyNote title="No unfinished tickets" icon={<IconCircleCheck size={28} stroke={1.5} aria-hidden />}>
        One opens by itself as soon as the forecast sees a failure coming. That there is none does not mean
        that all machines are watched:{' '}
        <Anchor component={Link} href={links.fleet} underline="always">
          the fleet page
        </Anchor>{' '}
        says which are scored.
      </EmptyNote>
    )}
  </Card>
)
