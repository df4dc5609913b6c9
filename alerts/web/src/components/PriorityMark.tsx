import { type Priority, priorityLabels } from '../lib/priority.ts'
import classes from './PriorityMark.module.css'

/** Priority as colour and as a word; the argument stands in the title. */
export const PriorityMark = ({ priority, why }: { priority: Priority; why?: string | undefined }) => (
  <span className={classes.mark} data-priority={priority} title={why}>
    <span className={classes.dot} aria-hidden />
    {priorityLabels[priority]}
  </span>
)
