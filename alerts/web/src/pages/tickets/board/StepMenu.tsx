import { ActionIcon, Menu } from '@mantine/core'
import type { Ticket } from '../../../api/types.ts'
import { IconDots } from '../../../components/icons.ts'
import type { TicketSteps } from '../../../components/steps/useTicketSteps.tsx'

/** How a card moves: every step that is possible from here. */
export const StepMenu = ({ ticket, steps }: { ticket: Ticket; steps: TicketSteps }) =>
  steps.plan.length > 0 && (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          ml="auto"
          loading={steps.pending !== null}
          aria-label={`Move ticket ${ticket.id}`}
          data-testid={`move-${ticket.id}`}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {steps.plan.map(({ action, label }) => (
          <Menu.Item key={action} onClick={() => steps.begin(action)} data-testid={`move-${action}`}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
