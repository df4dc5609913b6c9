import { ApiError } from '../../api/client.ts'
import { ProblemAlert } from '../ProblemAlert.tsx'
import type { TicketSteps } from './useTicketSteps.tsx'

/** Why a step was not taken. Where someone was faster the newest state is read already; only the word of it remains. */
export const StepProblem = ({ steps }: { steps: TicketSteps }) =>
  steps.error && (
    <ProblemAlert
      error={steps.error}
      retry={steps.forget}
      retryLabel={
        steps.error instanceof ApiError && steps.error.status === 409 ? 'Show the newest state' : 'Understood'
      }
    />
  )
