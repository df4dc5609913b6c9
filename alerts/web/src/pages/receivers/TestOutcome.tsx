import type { DeliveryView } from '../../api/types.ts'
import classes from './Receivers.module.css'

/** What came of a test message: yes, or what stood in its way. */
export function TestOutcome({ delivery: { tries } }: { delivery: DeliveryView }) {
  const last = tries.at(-1)
  if (!last) return null
  return (
    <output className={classes.outcome} data-ok={last.ok || undefined} data-testid="receiver-test-outcome">
      {last.ok
        ? `It answered ${last.code ?? ''} after ${Math.round(last.ms)} ms.`
        : `It did not work: ${last.problem ?? `answer ${last.code}`}`}
    </output>
  )
}
