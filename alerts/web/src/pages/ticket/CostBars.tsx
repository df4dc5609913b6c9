import { formatCost } from '../../lib/format.ts'
import classes from './AdviceCard.module.css'

/** A planned repair against a failure, in the plant's currency. */
export const CostBars = ({ planned, failure }: { planned: number; failure: number }) => {
  const most = Math.max(planned, failure, 1)
  return (
    <div className={classes.costs}>
      <span className={classes.name}>Planned repair</span>
      <span className={classes.bar} style={{ width: `${(planned / most) * 100}%` }} aria-hidden />
      <span className={classes.cost}>{formatCost(planned)}</span>
      <span className={classes.name}>Failure</span>
      <span
        className={classes.bar}
        data-failure
        style={{ width: `${(failure / most) * 100}%` }}
        aria-hidden
      />
      <span className={classes.cost}>{formatCost(failure)}</span>
      {failure > planned && (
        <span className={classes.saving}>Acting in time saves {formatCost(failure - planned)}.</span>
      )}
    </div>
  )
}
