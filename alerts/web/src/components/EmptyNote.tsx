import type { ReactNode } from 'react'
import classes from './EmptyNote.module.css'

interface EmptyNoteProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ReactNode
}

/** Says that there is nothing, and what would have to happen for something to be here. */
export const EmptyNote = ({ title, children, icon }: EmptyNoteProps) => (
  <div className={classes.note}>
    {icon}
    <p className={classes.title}>{title}</p>
    {children && <div className={classes.text}>{children}</div>}
  </div>
)
