import { type Risk, riskLabels } from '../lib/deviceWords.ts'
import classes from './RiskMark.module.css'

/** The machine's risk as a colour and as words. */
export const RiskMark = ({ risk }: { risk: Risk }) => (
  <span className={classes.mark} data-risk={risk}>
    <span className={classes.dot} aria-hidden />
    {riskLabels[risk]}
  </span>
)
