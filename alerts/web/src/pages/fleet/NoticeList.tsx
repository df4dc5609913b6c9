import { Link } from 'wouter'
import { useNotices } from '../../api/queries.ts'
import { Card } from '../../components/Card.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { useNow } from '../../components/useNow.ts'
import { notScoredWords } from '../../lib/deviceWords.ts'
import { links } from '../../lib/links.ts'
import { formatAge, formatMoment } from '../../lib/time.ts'
import classes from './NoticeList.module.css'

/** Machines that nobody can say anything about for a while: no ticket, and not to be overlooked. */
export function NoticeList() {
  const query = useNotices()
  const now = useNow()
  return (
    <Card
      title="Not watched"
      hint="Notices close themselves as soon as a machine is scored again"
      testId="notices"
    >
      <Loaded query={query} lines={1}>
        {(notices) => (
          <>
            {notices.length === 0 && <p className={classes.none}>Every machine was scored lately.</p>}
            <ul className={classes.list}>
              {notices.map(({ id, device, reason, openedAt }) => (
                <li key={id} data-testid={`notice-${device}`}>
                  <Link href={links.device(device)} className={classes.device}>
                    {device}
                  </Link>{' '}
                  {notScoredWords(reason)}{' '}
                  <span className={classes.minor} title={formatMoment(openedAt, now)}>
                    {formatAge(openedAt, now)}
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Card>
  )
}
