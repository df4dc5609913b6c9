import { Button } from '@mantine/core'
import { useBulkAcknowledge } from '../../../api/actions.ts'
import type { Ticket } from '../../../api/types.ts'
import { ProblemAlert } from '../../../components/ProblemAlert.tsx'
import { useActor } from '../../../components/useActor.ts'
import { BulkAnswers } from './BulkAnswers.tsx'
import classes from './BulkBar.module.css'
import { type Chosen, isChoosable } from './useChosen.ts'

interface BulkBarProps {
  readonly chosen: Chosen
  /** What is on the screen or near it. */
  readonly loaded: readonly Ticket[]
}

/** What can be done to several tickets at once, and what came of it, ticket by ticket. */
export function BulkBar({ chosen, loaded }: BulkBarProps) {
  const [actor] = useActor()
  const acknowledge = useBulkAcknowledge(actor)
  const open = loaded.filter(isChoosable)
  const count = chosen.tickets.size
  const send = () => acknowledge.mutate([...chosen.tickets.values()], { onSuccess: () => chosen.set([]) })
  if (open.length === 0 && count === 0 && acknowledge.isIdle) return null
  return (
    <div className={classes.bar} data-testid="bulk">
      <div className={classes.buttons}>
        <Button
          size="compact-md"
          disabled={count === 0}
          loading={acknowledge.isPending}
          onClick={send}
          data-testid="bulk-acknowledge"
        >
          {count === 0 ? 'Acknowledge the chosen' : `Acknowledge ${count}`}
        </Button>
        {open.length > 0 && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() => chosen.set(open)}
            data-testid="bulk-choose-all"
          >
            Choose all {open.length} open here
          </Button>
        )}
        {count > 0 && (
          <Button size="compact-md" variant="subtle" onClick={() => chosen.set([])}>
            Choose none
          </Button>
        )}
      </div>
      {acknowledge.error && (
        <ProblemAlert error={acknowledge.error} retry={acknowledge.reset} retryLabel="Understood" />
      )}
      {acknowledge.data && <BulkAnswers answers={acknowledge.data.results} forget={acknowledge.reset} />}
    </div>
  )
}
