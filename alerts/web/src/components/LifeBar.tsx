import type { RulQuantiles } from '../../../../core/score.ts'
import { type LifeUnit, lifeBar, usageUnit } from '../lib/interval.ts'
import classes from './LifeBar.module.css'

/** Where the forecast interval (p10 to p90) and its median lie between failure, at the left, and the cap. */
export function LifeBar({ rul, life }: { rul: RulQuantiles; life: LifeUnit }) {
  const { left, width, median } = lifeBar(rul, life.cap)
  return (
    <span className={classes.bar} title={`0 to ${life.cap} ${usageUnit(life.unit)}`} aria-hidden>
      <span className={classes.interval} style={{ left: `${Math.min(left, 98.5)}%`, width: `${width}%` }} />
      <span className={classes.median} style={{ left: `${Math.min(median, 99)}%` }} />
    </span>
  )
}
