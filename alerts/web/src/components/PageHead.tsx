import type { ReactNode } from 'react'
import classes from './PageHead.module.css'
import { usePageTitle } from './usePageTitle.ts'

interface PageHeadProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly aside?: ReactNode
}

/** Title of a page, also in the browser's tab. */
export function PageHead({ title, lead, aside }: PageHeadProps) {
  usePageTitle(title)
  return (
    <div className={classes.head}>
      <div>
        <h1 className={classes.title}>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
      </div>
      {aside}
    </div>
  )
}
