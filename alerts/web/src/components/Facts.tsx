import type { ReactNode } from 'react'
import classes from './Facts.module.css'

export interface Fact {
  readonly name: string
  readonly value: ReactNode
  readonly hint?: ReactNode
}

/** Names and values side by side. */
export const Facts = ({ facts, columns = 1 }: { facts: readonly Fact[]; columns?: 1 | 2 | 3 | 4 }) => (
  <dl className={classes.facts} data-columns={columns}>
    {facts.map(({ name, value, hint }) => (
      <div key={name} className={classes.fact}>
        <dt>{name}</dt>
        <dd>
          {value}
          {hint && <span className={classes.hint}>{hint}</span>}
        </dd>
      </div>
    ))}
  </dl>
)
