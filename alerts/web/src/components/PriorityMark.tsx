import { type Priority, priorityLabels, priorityReasons } from '../lib/priority.ts'
import classes from './PriorityMark.module.css'

/** Priority as colour and as a word; the reason stands in the title. */
export const PriorityMark = ({ priority }: { priority: Priority }) => (
  <span className={classes.mark} data-priority={priority} title={priorityReasons[priority]}>
    <span className={classes.dot} aria-hidden />
    {priorityLabels[priority]}
  </span>
)
