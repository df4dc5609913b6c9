import { Anchor, Button } from '@mantine/core'
import { Link } from 'wouter'
import type { ManyAnswered } from '../../../api/types.ts'
import { links } from '../../../lib/links.ts'
import classes from './BulkBar.module.css'

interface BulkAnswersProps {
  readonly answers: ManyAnswered['results']
  readonly forget: () => void
}

/** Each ticket has an answer of its own: what was refused, and why, is not lost among what went well. */
export function BulkAnswers({ answers, forget }: BulkAnswersProps) {
  const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer]))
  const taken = answers.length - refused.length
  return (
    <div className={classes.answers} role="status" data-testid="bulk-answers">
      {taken} acknowledged{refused.length > 0 && `, ${refused.length} not`}.
      <ul className={classes.list}>
        {refused.map(({ id, problem }) => (
          <li key={id}>
            <Anchor component={Link} href={links.ticket(id)}>
              #{id}
            </Anchor>{' '}
            <span className={classes.refused}>{problem.detail}</span>
          </li>
        ))}
      </ul>
      <Button size="compact-sm" variant="default" onClick={forget}>
        Understood
      </Button>
    </div>
  )
}
