import { riskBand } from '../lib/deviceWords.ts'
import { formatProbability } from '../lib/format.ts'
import classes from './Probability.module.css'

/** Probability of failure within the horizon as number and bar. */
export const Probability = ({ value }: { value: number }) => (
  <span className={classes.probability} data-risk={riskBand(value)}>
    <span className={classes.number}>{formatProbability(value)}</span>
    <span className={classes.track} aria-hidden>
      <span className={classes.fill} style={{ width: `${Math.round(value * 100)}%` }} />
    </span>
  </span>
)
