import { VisuallyHidden } from '@mantine/core'
import type { AlarmView, DeviceDetail } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { formatProbability } from '../../lib/format.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './AlarmCard.module.css'

/** Why the policy has raised an alarm for this machine, or why it has not. */
export const AlarmCard = ({ detail: { alarm } }: { detail: DeviceDetail }) => (
  <Card title={alarm?.raised ? 'Alarm is raised' : 'Alarm'}>
    {alarm ? (
      <Alarm alarm={alarm} />
    ) : (
      <p className={classes.text}>No window of this machine was judged yet.</p>
    )}
  </Card>
)

const Alarm = ({ alarm }: { alarm: AlarmView }) => (
  <>
    <p className={classes.text}>{alarm.explanation}</p>
    <div className={classes.windows}>
      {alarm.recent.map((over, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the row is what the window is
        <span key={index} className={classes.window} data-over={over || undefined} aria-hidden />
      ))}
      <VisuallyHidden>
        {alarm.over} of the last {alarm.recent.length} windows over the threshold
      </VisuallyHidden>
    </div>
    <Facts
      columns={2}
      facts={[
        {
          name: 'Raises at',
          value: formatProbability(alarm.raiseAt),
          hint: `in ${alarm.k} of ${alarm.n} windows`,
        },
        {
          name: 'Clears below',
          value: formatProbability(alarm.clearBelow),
          hint: `in all ${alarm.n} windows`,
        },
        { name: 'Judged until', value: formatMoment(alarm.judgedUntil) },
      ]}
    />
  </>
)
