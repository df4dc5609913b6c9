import { Button } from '@mantine/core'
import type { TicketDetail } from '../../api/types.ts'
import { StepProblem } from '../../components/steps/StepProblem.tsx'
import { useTicketSteps } from '../../components/steps/useTicketSteps.tsx'
import { ReshapeMenu } from './reshape/ReshapeMenu.tsx'
import classes from './TicketActions.module.css'

/** The steps that are possible from here, and only those. */
export function TicketActions({ detail }: { detail: TicketDetail }) {
  const steps = useTicketSteps(detail.ticket)
  return (
    <div className={classes.actions}>
      <div className={classes.buttons}>
        {steps.plan.map(({ action, label, primary }) => (
          <Button
            key={action}
            variant={primary ? 'filled' : 'default'}
            size="sm"
            loading={steps.pending === action}
            disabled={steps.pending !== null}
            onClick={() => steps.begin(action)}
            data-testid={action}
          >
            {label}
          </Button>
        ))}
        <ReshapeMenu detail={detail} />
      </div>
      <StepProblem steps={steps} />
      {steps.dialogs}
    </div>
  )
}
