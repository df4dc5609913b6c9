import type { ReactNode } from 'react'
import classes from './Card.module.css'

interface CardProps {
  readonly title?: ReactNode
  /** A line below the title. */
  readonly hint?: ReactNode
  /** Right of the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly testId?: string
}

/** A titled area of a page. */
export const Card = ({ title, hint, aside, children, testId }: CardProps) => (
  <section className={classes.card} data-testid={testId}>
    {(title || aside) && (
      <header className={classes.head}>
        <div>
          {title && <h2 className={classes.title}>{title}</h2>}
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {aside}
      </header>
    )}
    {children}
  </section>
)
