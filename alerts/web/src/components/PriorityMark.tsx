import type { Ticket } from '../api/types.ts'
import { priorityLabels } from '../lib/priority.ts'
import classes from './PriorityMark.module.css'

/** Priority as colour and as a word; the numbers behind it stand in the title. */
export const PriorityMark = ({ priority }: { priority: Ticket['priority'] }) =>
  priority && (
    <span className={classes.mark} data-priority={priority.level} title={priority.argument}>
      <span className={classes.dot} aria-hidden />
      {priorityLabels[priority.level]}
    </span>
  )
